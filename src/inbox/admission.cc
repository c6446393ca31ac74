#include "inbox/admission.h"

namespace cstims {
namespace {

/// By what our mail server says of the sender.
struct Cells {
  Admission proven;
  Admission neutral;
  Admission failed;

  Admission at(SenderProof proof) const {
    if (proof == SenderProof::proven) return proven;
    return proof == SenderProof::neutral ? neutral : failed;
  }
};

using enum Admission;

constexpr Cells client_with_code{client_message, client_message, held};
constexpr Cells client_by_mention{client_message, held, held};
constexpr Cells staff_with_code{staff_reply, staff_note, held};
constexpr Cells staff_by_mention{staff_note, held, held};
constexpr Cells all_held{held, held, held};
constexpr Cells anybody_else{held, held, rejected};

Admission admit_staff(TicketTie tie, SenderProof proof, StaffMail staff_mail) {
  if (staff_mail == StaffMail::off) return held;
  const Cells& cells = tie == TicketTie::mention ? staff_by_mention : staff_with_code;
  const Admission found = cells.at(proof);
  return found == staff_reply && staff_mail == StaffMail::confirm ? staff_note : found;
}

}  // namespace

Admission admit(MailSender sender, TicketTie tie, SenderProof proof, StaffMail staff_mail) {
  switch (sender) {
    case MailSender::client:
      // The list's code is not a client's: it had no business with it.
      return (tie == TicketTie::own_code ? client_with_code : client_by_mention).at(proof);
    case MailSender::staff:
      return admit_staff(tie, proof, staff_mail);
    case MailSender::forwarded:
      return all_held.at(proof);
    case MailSender::stranger:
      return anybody_else.at(proof);
  }
  return held;
}

}  // namespace cstims
