#include "bank/bank_file.h"

#include <fmt/format.h>

#include "bank/bank_names.h"
#include "bank/statements.h"
#include "base/text.h"
#include "support/sentence.h"

namespace cstims::test {
namespace {

std::string replaced(std::string_view name, std::string_view from, std::string_view to) {
  const auto bytes = sample_file(name);
  EXPECT_TRUE(bytes.contains(from)) << from;
  return replace_all(bytes, from, to);
}

/// "2026-03-03 12.10 name|iban|text|structured|reference".
std::string line_of(const BankTransaction& one) {
  return fmt::format("{} {} {}|{}|{}|{}|{}{}", one.date.text(), one.amount.text(), one.name,
                     one.iban, one.text, one.creditor_reference, one.reference,
                     one.returned ? " returned" : "");
}

std::vector<std::string> lines_of(std::string_view bytes,
                                  const BankFileRules& rules = rules_of_tests()) {
  std::vector<std::string> lines;
  for (const auto& one : transactions_of(bytes, rules)) lines.push_back(line_of(one));
  return lines;
}

using Lines = std::vector<std::string>;

SENTENCE(bank_file, "a CAMT.053 statement is read entry by entry, batches by their parts") {
  const auto file =
      read_bank_file(sample_file("march.xml"), std::nullopt, rules_of_tests()).value();
  EXPECT_EQ(file.format, BankFormat::camt053);
  ASSERT_EQ(file.statements.size(), 1u);
  const auto& statement = file.statements.front();
  EXPECT_EQ(statement.account, "ES9121000418450200051332");
  EXPECT_EQ(statement.from(), Date(2026, 3, 1));
  EXPECT_EQ(statement.to(), Date(2026, 3, 10));
  EXPECT_EQ(statement.opening->text(), "1000.00");
  EXPECT_EQ(statement.closing->text(), "1039.20");
  EXPECT_EQ(lines_of(sample_file("march.xml")),
            (Lines{"2026-03-03 12.10 Ada Lovelace Núñez|DE89370400440532013000|Rechnung "
                   "F2026-000001||BANK-0001",
                   "2026-03-04 -3.00 ||Account fee||BANK-0002",
                   "2026-03-09 20.00 Roberto Garcia||E2E-77|RF18539007547034|BANK-0003-1",
                   "2026-03-09 10.10 Chloe||thank you||BANK-0003-2"}));
  EXPECT_EQ(statement.transactions.front().line, 13);
  EXPECT_EQ(statement.transactions[1].value_date, Date(2026, 3, 5));
}

SENTENCE(bank_file, "newer versions of CAMT.053, prefixes and Latin-1 are read too") {
  EXPECT_EQ(lines_of(sample_file("march_v8.xml")),
            (Lines{"2026-03-06 -7.50 Peña|ES9121000418450200051332|line one line two|| returned"}));
}

SENTENCE(bank_file, "a Norma 43 file is read, its words joined where the bank cut them") {
  const auto file =
      read_bank_file(sample_file("march.n43"), std::nullopt, rules_of_tests()).value();
  EXPECT_EQ(file.format, BankFormat::norma43);
  ASSERT_EQ(file.statements.size(), 1u);
  EXPECT_EQ(file.statements.front().account, "ES9121000418450200051332") << "check digits are ours";
  EXPECT_EQ(file.statements.front().from(), Date(2026, 3, 1));
  EXPECT_EQ(lines_of(sample_file("march.n43")),
            (Lines{"2026-03-03 12.10 ||TRANSF. DE ADA LOVELACE NUÑEZ FACTURA F2026-0 00001||",
                   "2026-03-04 -3.00 ||COMISION MANTENIMIENTO||",
                   "2026-03-09 20.00 ||0000004711 REF BOB GARCIA PEREZ ROBERTO GRACIAS||"}));
}

SENTENCE(bank_file, "CSV files are understood by their Spanish or English titles") {
  EXPECT_EQ(lines_of(sample_file("spanish.csv")),
            (Lines{"2026-03-03 12.10 ||TRANSFERENCIA DE LOVELACE NÚÑEZ ADA; FACTURA "
                   "F2026-000001||",
                   "2026-03-04 -3.00 ||Comisión||", "2026-03-09 1020.00 ||Bizum||"}));
  EXPECT_EQ(lines_of(sample_file("english.csv")),
            (Lines{"2026-03-03 12.10 Ada Lovelace|DE89370400440532013000|Transfer, F2026-000001 "
                   "A1||",
                   "2026-03-04 -3.00 ||Account \"premium\" fee A2||",
                   "2026-03-09 1020.00 Roberto Garcia||Thanks A3||"}));
}

SENTENCE(bank_file, "CSV files that say nothing are read as the settings say") {
  auto rules = rules_of_tests();
  rules.csv = {
      .columns = "date=1; amount=3; text=2", .separator = "|", .decimal_sign = ",", .dates = "mdy"};
  EXPECT_EQ(lines_of("3/9/26|Thanks|1.000\n3/10/26|Fee|-2\n", rules),
            (Lines{"2026-03-09 1000.00 ||Thanks||", "2026-03-10 -2.00 ||Fee||"}));
  rules.csv = {.columns = "date=When;amount=Sum;text=Why,Who"};
  EXPECT_EQ(lines_of("Why,When,Sum,Who\nrent,2026-03-09,\"5.00\",Bob\n", rules),
            (Lines{"2026-03-09 5.00 ||rent Bob||"}));
  EXPECT_TRUE(refusal_of("Why,When,Who\nrent,2026-03-09,Bob\n", rules).contains("Line 1"));
}

SENTENCE(bank_file, "faults of the settings for CSV are named") {
  EXPECT_EQ(fault_of_csv_rules({}), "");
  EXPECT_EQ(fault_of_csv_rules({.columns = "date=Fecha;amount=Importe;text=Concepto",
                                .separator = "tab",
                                .decimal_sign = ",",
                                .dates = "ymd"}),
            "");
  EXPECT_NE(fault_of_csv_rules({.columns = "date=Fecha"}), "");
  EXPECT_NE(fault_of_csv_rules({.columns = "day=Fecha;amount=Importe"}), "");
  EXPECT_NE(fault_of_csv_rules({.separator = ";;"}), "");
  EXPECT_NE(fault_of_csv_rules({.decimal_sign = ";"}), "");
  EXPECT_NE(fault_of_csv_rules({.dates = "ydm"}), "");
}

struct AmountCase {
  std::string cell;
  std::string amount;  // or what the refusal says
};
SENTENCE(bank_file, "amounts of CSV are exact, whatever the signs, or refused") {
  const auto one = [](const std::string& cell) {
    const auto bytes = "Fecha;Importe\n2026-03-09;" + cell + "\n";
    const auto refusal = refusal_of(bytes);
    return refusal.empty() ? transactions_of(bytes).front().amount.text() : refusal;
  };
  const AmountCase cases[] = {{"12,10", "12.10"},
                              {"12.10", "12.10"},
                              {"1.234,56", "1234.56"},
                              {"1,234.56", "1234.56"},
                              {"1.234.567", "1234567.00"},
                              {"-12,1", "-12.10"},
                              {"12,10-", "-12.10"},
                              {"+12", "12.00"},
                              {"12,10 €", "12.10"},
                              {"EUR 12,10", "12.10"},
                              {"1 234,56", "1234.56"},
                              {"1'234.56", "1234.56"},
                              {"\u221212,10", "-12.10"},
                              {"12,100", "may be thousands or a fraction"},
                              {"1.2.3,4", "is no amount"},
                              {"12,345,6", "is no amount"},
                              {"12,10,", "is no amount"},
                              {"twelve", "is no amount"},
                              {"1e3", "is no amount"},
                              {"12,1055", "is no amount"},
                              {"99999999999999999999", "is no amount"},
                              {"--5", "is no amount"},
                              {"5-5", "is no amount"}};
  for (const auto& [cell, amount] : cases) {
    EXPECT_TRUE(one(cell).contains(amount)) << cell << " gives " << one(cell);
  }
  EXPECT_TRUE(refusal_of("Fecha;Importe\n2026-03-09;1,50\n2026-03-09;1.50\n")
                  .contains("Line 3: in \"1.50\" the decimal sign is another than before."));
}

struct BadFile {
  std::string bytes;
  std::string said;
};

SENTENCE(bank_file, "a CSV file that is not right is refused with its line") {
  const std::string titles = "Fecha;Concepto;Importe\n";
  const BadFile files[] = {
      {"", "The file is empty."},
      {"hello\nworld\n", "Line 1: no line of column titles is found"},
      {titles, "below the titles there is no transaction"},
      {titles + "31/02/2026;a;1,00\n", "Line 2: \"31/02/2026\" is no date"},
      {titles + "09/03/2026;a;1,00\n;b;2,00\n", "Line 3: \"\" is no date"},
      {titles + "09/03/2026;a;\n", "Line 2: the amount is missing."},
      {titles + "09/03/2026;a;1,00;x\n", "Line 2: it has 4 columns, the titles have 3."},
      {titles + "09/03/2026;\"a;1,00\n", "Line 2: a quotation mark opens and never closes."},
      {titles + "09/03/2026;\"a\"b;1,00\n", "Line 2: something follows a closing quotation mark."},
      {"Fecha;Divisa;Importe\n09/03/2026;XYZ;1,00\n", "Line 2: \"XYZ\" is no currency."},
      {"Fecha;Debe;Haber\n09/03/2026;1,00;2,00\n", "Line 2: money cannot come in and go out"},
      {std::string("F\0e\0", 4), "Line 1: this is no text in UTF-8 or Latin-1."},
      {titles + "09/03/2026;" + std::string(20'000, 'x') + ";1,00\n",
       "Line 2: a cell is too long."},
  };
  for (const auto& [bytes, said] : files) {
    EXPECT_TRUE(refusal_of(bytes).contains(said)) << refusal_of(bytes) << " instead of " << said;
  }
  auto nobody = rules_of_tests();
  nobody.account.clear();
  EXPECT_TRUE(refusal_of(titles + "09/03/2026;a;1,00\n", nobody)
                  .contains("Line 2: the file does not say whose account it is of."));
}

SENTENCE(bank_file, "a CAMT.053 file that is not right is refused with its line") {
  const BadFile files[] = {
      {"<Document>", "Line 1: this is no well-formed XML"},
      {"<Document><a></b></Document>", "Line 1: this is no well-formed XML (mismatched tag)."},
      {"<Document/>", "this is XML, but no bank statement"},
      {"<!DOCTYPE d [<!ENTITY a \"b\">]>\n<Document>&a;</Document>",
       "Line 1: a document type (DOCTYPE) is not taken."},
      {"<!DOCTYPE d SYSTEM \"http://127.0.0.1/x\">\n<Document/>", "(DOCTYPE) is not taken"},
      {"<?xml version=\"1.0\" encoding=\"EBCDIC\"?><Document/>", "unknown encoding"},
      {replace_all(std::string(2000, 'x'), "x", "<a>"), "Line 1: elements are nested too deeply."},
      {"<Document><BkToCstmrStmt/></Document>", "the file has no statement in it"},
      {replace_all(sample_file("march.xml"), "BkToCstmrStmt", "BkToCstmrAcctRpt"), "camt.052"},
      {replaced("march.xml", "Ccy=\"EUR\">12.10", "Ccy=\"USD\">12.10"),
       "Line 14: the amount is in USD, the account in EUR."},
      {replaced("march.xml", "12.10", "12.105"), "Line 14: \"12.105\" is no amount."},
      {replaced("march.xml", ">12.10", ">-12.10"), "Line 14: \"-12.10\" is no amount."},
      {replaced("march.xml", ">12.10", ">12.11"), "Line 5: opening balance and amounts give"},
      {replaced("march.xml", "2026-03-03", "2026-13-03"), "Line 15: \"2026-13-03\" is no date."},
      {replaced("march.xml", ">5<", ">6<"), "the statement says it has 6 entries, there are 5"},
      {replaced("march.xml", "<IBAN>ES91", "<IBAN>ES92"),
       "Line 9: \"ES9221000418450200051332\" is "
       "no IBAN."},
      {replaced("march.xml", "<CdtDbtInd>DBIT</CdtDbtInd>", ""), "Line 26: it is not said whether"},
      {replaced("march.xml", "PDNG", "WHAT"), "\"WHAT\" is no status of an entry."},
  };
  for (const auto& [bytes, said] : files) {
    EXPECT_TRUE(refusal_of(bytes).contains(said)) << refusal_of(bytes) << " instead of " << said;
  }
  const auto whole = sample_file("march.xml");
  for (std::size_t size = 1; size < whole.size() - 1; size += 7) {
    EXPECT_NE(refusal_of(whole.substr(0, size)), "") << "cut off after " << size;
  }
}

SENTENCE(bank_file, "a Norma 43 file whose sums, counts or records are not right is refused") {
  const auto whole = sample_file("march.n43");
  const BadFile files[] = {
      {replaced("march.n43", "00000000001210", "00000000001211"), "Line 10: the bank's sum is"},
      {replaced("march.n43", "00000000100000978", "00000000100001978"),
       "Line 1: opening balance and amounts give"},
      {replaced("march.n43", "133200001", "133200002"),
       "Line 10: the bank counts 2 transactions, the file has 1."},
      {replaced("march.n43", "999000010", "999000077"),
       "Line 11: the bank counts 77 records, the file has 10."},
      {replaced("march.n43", "332100", "332101"), "Line 10: this ends another account"},
      {replaced("march.n43", "260303260303", "260333260303"), "Line 2: \"260333\" is no date."},
      {replaced("march.n43", "978", "999"), "Line 1: \"999\" is no currency."},
      {replaced("march.n43", "23020", "55020"), "Line 4: Norma 43 has no record \"55\"."},
      {replaced("march.n43", "040002000", "040003000"),
       "Line 2: character 28 must be 1 (debit) or 2 (credit), not \"3\"."},
      {whole.substr(0, whole.find("33210")), "the last account does not end (record 33)"},
      {whole.substr(0, whole.find("88999")), "its last record (88) is missing"},
      {whole + whole, "Line 12: something follows the end of the file"},
      {whole.substr(whole.find("22  ")), "a record 22 stands outside an account"},
      {"11" + std::string(100, '0'), "a record of Norma 43 has 80 characters, this one has 102."},
  };
  for (const auto& [bytes, said] : files) {
    const auto refused = read_bank_file(bytes, BankFormat::norma43, rules_of_tests());
    ASSERT_FALSE(refused) << said;
    EXPECT_TRUE(refused.error().english().contains(said))
        << refused.error().english() << " instead of " << said;
  }
}

SENTENCE(bank_file, "what is too large is refused before it is read") {
  EXPECT_TRUE(refusal_of(std::string(largest_bank_file + 1, 'x')).contains("larger than 10 MB"));
  std::string many = "Fecha;Importe\n";
  for (std::size_t n = 0; n <= most_bank_transactions; ++n) many += "2026-03-09;1,00\n";
  EXPECT_TRUE(refusal_of(many).contains("more than 20000 transactions"));
}

SENTENCE(bank_file, "equal transactions of one day stay two, and keep their keys in other files") {
  const auto keys = [](const std::string& bytes) {
    return transaction_keys(read_bank_file(bytes, std::nullopt, rules_of_tests())->statements[0]);
  };
  const auto two = keys(camt_of({{"5.00", "rent"}, {"5.00", "rent"}, {"5.00", "rents"}}));
  EXPECT_NE(two[0], two[1]);
  EXPECT_NE(two[0], two[2]);
  const auto later = keys(camt_of({{"9.00", "before"}, {"5.00", "RENT "}, {"5.00", "rent"}}));
  EXPECT_EQ(later[1], two[0]);
  EXPECT_EQ(later[2], two[1]);
  // The bank's reference alone decides, where there is one.
  const auto referenced = keys(camt_of({{"5.00", "a", "", "R1"}, {"5.00", "a", "", "R2"}}));
  EXPECT_EQ(keys(camt_of({{"5.00", "other words", "", "R1"}}))[0], referenced[0]);
  EXPECT_NE(referenced[0], referenced[1]);
  EXPECT_NE(keys(camt_of({{"-5.00", "a", "", "R1"}}))[0], referenced[0]);
}

SENTENCE(bank_file, "words are compared without accents, case and signs") {
  EXPECT_EQ(folded("José-María  Núñez, Ø & Łódź"), "jose maria nunez o lodz");
  EXPECT_EQ(folded("ÀÈÌÒÙ ç ß ÿ Š ž"), "aeiou c s y s z");
  EXPECT_EQ(folded_words("b a b"), (Lines{"a", "b"}));
  EXPECT_EQ(folded("  "), "");
}

}  // namespace
}  // namespace cstims::test
