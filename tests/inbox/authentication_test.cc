#include "inbox/authentication.h"

#include "base/text.h"
#include "support/sentence.h"

namespace cstims {
namespace {

SenderProof proof_of(const std::string& header, std::string_view domain = "example.org",
                     std::string_view ours = "mx.arfnet.example") {
  return sender_proof(read_header(replace_all(header, "\n", "\r\n") + "\r\n\r\n"), ours, domain);
}

const std::string received =
    "Received: from a.example (a.example [192.0.2.1])\n\tby mx.arfnet.example (Postfix) with "
    "ESMTPS id 1;\n Tue, 10 Mar 2026 10:00:00 +0100\n";
const std::string foreign =
    "Received: from b by a.example with SMTP; Tue, 10 Mar 2026 09:59:00 +0100\n";

}  // namespace

using enum SenderProof;

SENTENCE(authentication, "DMARC and aligned DKIM of our own server prove a sender") {
  const std::string results = "Authentication-Results: mx.arfnet.example;";
  EXPECT_EQ(proof_of(results + " dmarc=pass (p=none) header.from=example.org\n" + received),
            proven);
  EXPECT_EQ(proof_of(received + results + " dkim=pass header.d=example.org\n" + foreign), proven);
  EXPECT_EQ(proof_of(results + "\n dkim=pass header.i=@example.org;\n spf=fail\n"), proven);
  EXPECT_EQ(proof_of(results + " DKIM=Pass Header.D=EXAMPLE.org\n", "Example.ORG"), proven);
  EXPECT_EQ(proof_of(results + " dkim=pass header.d=example.org\n", "mail.example.org"), proven);
}

SENTENCE(authentication, "failures of DMARC and of aligned DKIM are failures") {
  const std::string results = "Authentication-Results: mx.arfnet.example;";
  EXPECT_EQ(
      proof_of(results + " dmarc=fail header.from=example.org; dkim=pass header.d=example.org\n"),
      failed);
  EXPECT_EQ(proof_of(results + " dkim=fail header.d=example.org\n"), failed);
  EXPECT_EQ(proof_of(results + " dkim=fail header.d=list.example\n"), neutral);
  EXPECT_EQ(proof_of(results + " dkim=fail header.d=example.org; dkim=pass header.d=example.org\n"),
            proven);
}

SENTENCE(authentication, "what proves nothing about the sender's domain leaves it open") {
  const std::string results = "Authentication-Results: mx.arfnet.example;";
  EXPECT_EQ(proof_of(results + " none\n"), neutral);
  EXPECT_EQ(proof_of(results + " spf=pass smtp.mailfrom=example.org\n"), neutral);
  EXPECT_EQ(proof_of(results + " dkim=pass header.d=other.example\n"), neutral);
  EXPECT_EQ(proof_of(results + " dkim=pass header.d=org\n"), neutral);
  EXPECT_EQ(proof_of(results + " dkim=pass header.d=ample.org\n"), neutral);
  EXPECT_EQ(proof_of(results + " dmarc=pass header.from=other.example\n"), neutral);
  EXPECT_EQ(proof_of(results + " dmarc=none header.from=example.org\n"), neutral);
  EXPECT_EQ(proof_of(results + " (dmarc=pass header.from=example.org)\n"), neutral);
  EXPECT_EQ(proof_of(""), neutral);
}

SENTENCE(authentication, "results of another server, or without a server of ours, do not count") {
  EXPECT_EQ(proof_of("Authentication-Results: evil.example; dmarc=pass header.from=example.org\n"),
            neutral);
  EXPECT_EQ(proof_of("Authentication-Results: mx.arfnet.example.evil.example; dmarc=pass\n"),
            neutral);
  EXPECT_EQ(proof_of("Authentication-Results: mx.arfnet.example; dmarc=pass\n", "example.org", ""),
            neutral);
}

SENTENCE(authentication, "results below another server's Received field are forged") {
  const std::string results =
      "Authentication-Results: mx.arfnet.example; dmarc=pass header.from=example.org\n";
  EXPECT_EQ(proof_of(received + results + foreign), proven);
  EXPECT_EQ(proof_of(received + foreign + results), neutral);
  EXPECT_EQ(proof_of(received + received + results), proven) << "it went through our server twice";
}

SENTENCE(authentication, "of two fields with our name the upper one is ours") {
  const std::string no =
      "Authentication-Results: mx.arfnet.example; dmarc=fail header.from=example.org\n";
  const std::string yes =
      "Authentication-Results: mx.arfnet.example; dmarc=pass header.from=example.org\n";
  EXPECT_EQ(proof_of(no + yes), failed);
  EXPECT_EQ(proof_of(received + "Authentication-Results: mx.arfnet.example; none\n" + yes),
            neutral);
}

}  // namespace cstims
