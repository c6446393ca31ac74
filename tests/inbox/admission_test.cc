#include "inbox/admission.h"

#include <array>

#include "support/sentence.h"

namespace cstims {
namespace {

using enum MailSender;
using enum TicketTie;
using enum SenderProof;
using A = Admission;

struct Cell {
  MailSender sender;
  TicketTie tie;
  SenderProof proof;
  StaffMail setting;
  Admission expected;
};

// One row a cell: who wrote, how the mail names the ticket, what our mail server says.
constexpr std::array cells{
    // The client's address, with a code made for the client.
    Cell{client, own_code, proven, StaffMail::confirm, A::client_message},
    Cell{client, own_code, neutral, StaffMail::confirm, A::client_message},
    Cell{client, own_code, failed, StaffMail::confirm, A::held},
    // The client's address, with the list's code, which is none of a client's.
    Cell{client, list_code, proven, StaffMail::confirm, A::client_message},
    Cell{client, list_code, neutral, StaffMail::confirm, A::held},
    Cell{client, list_code, failed, StaffMail::confirm, A::held},
    // The client's address, the number in the subject only.
    Cell{client, mention, proven, StaffMail::confirm, A::client_message},
    Cell{client, mention, neutral, StaffMail::confirm, A::held},
    Cell{client, mention, failed, StaffMail::confirm, A::held},

    // Another address that has the client's code.
    Cell{forwarded, mention, proven, StaffMail::confirm, A::held},
    Cell{forwarded, mention, neutral, StaffMail::confirm, A::held},
    Cell{forwarded, mention, failed, StaffMail::confirm, A::held},

    // Anybody else.
    Cell{stranger, mention, proven, StaffMail::confirm, A::held},
    Cell{stranger, mention, neutral, StaffMail::confirm, A::held},
    Cell{stranger, mention, failed, StaffMail::confirm, A::rejected},
    Cell{stranger, list_code, proven, StaffMail::confirm, A::held},
    Cell{stranger, list_code, neutral, StaffMail::confirm, A::held},
    Cell{stranger, list_code, failed, StaffMail::confirm, A::rejected},

    // Staff, where a proven sender is enough.
    Cell{staff, own_code, proven, StaffMail::proven, A::staff_reply},
    Cell{staff, own_code, neutral, StaffMail::proven, A::staff_note},
    Cell{staff, own_code, failed, StaffMail::proven, A::held},
    Cell{staff, list_code, proven, StaffMail::proven, A::staff_reply},
    Cell{staff, list_code, neutral, StaffMail::proven, A::staff_note},
    Cell{staff, list_code, failed, StaffMail::proven, A::held},
    Cell{staff, mention, proven, StaffMail::proven, A::staff_note},
    Cell{staff, mention, neutral, StaffMail::proven, A::held},
    Cell{staff, mention, failed, StaffMail::proven, A::held},

    // Staff, where each reply is confirmed: the default.
    Cell{staff, own_code, proven, StaffMail::confirm, A::staff_note},
    Cell{staff, own_code, neutral, StaffMail::confirm, A::staff_note},
    Cell{staff, own_code, failed, StaffMail::confirm, A::held},
    Cell{staff, list_code, proven, StaffMail::confirm, A::staff_note},
    Cell{staff, list_code, neutral, StaffMail::confirm, A::staff_note},
    Cell{staff, list_code, failed, StaffMail::confirm, A::held},
    Cell{staff, mention, proven, StaffMail::confirm, A::staff_note},
    Cell{staff, mention, neutral, StaffMail::confirm, A::held},
    Cell{staff, mention, failed, StaffMail::confirm, A::held},

    // Staff, where their mail is off.
    Cell{staff, own_code, proven, StaffMail::off, A::held},
    Cell{staff, own_code, neutral, StaffMail::off, A::held},
    Cell{staff, own_code, failed, StaffMail::off, A::held},
    Cell{staff, list_code, proven, StaffMail::off, A::held},
    Cell{staff, mention, proven, StaffMail::off, A::held},
};

}  // namespace

SENTENCE(admission, "sender, tie and proof decide what a mail may do, cell by cell") {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    EXPECT_EQ(admit(cell.sender, cell.tie, cell.proof, cell.setting), cell.expected)
        << "row " << i + 1;
  }
}

SENTENCE(admission, "what our mail server does not believe never gets onto a ticket") {
  for (const auto sender : {client, staff, forwarded, stranger}) {
    for (const auto tie : {own_code, list_code, mention}) {
      for (const auto setting : {StaffMail::off, StaffMail::confirm, StaffMail::proven}) {
        const auto found = admit(sender, tie, failed, setting);
        EXPECT_TRUE(found == A::held || found == A::rejected);
      }
    }
  }
}

SENTENCE(admission, "nobody but staff writes as staff, and never without proof") {
  for (const auto sender : {client, staff, forwarded, stranger}) {
    for (const auto tie : {own_code, list_code, mention}) {
      for (const auto proof : {proven, neutral, failed}) {
        for (const auto setting : {StaffMail::off, StaffMail::confirm, StaffMail::proven}) {
          if (admit(sender, tie, proof, setting) != A::staff_reply) continue;
          EXPECT_EQ(sender, staff);
          EXPECT_EQ(proof, proven);
          EXPECT_EQ(setting, StaffMail::proven);
        }
      }
    }
  }
}

}  // namespace cstims
