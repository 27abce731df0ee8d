#include "insight/outcome/protected_columns.hpp"

#include <doctest/doctest.h>

using emptor::is_protected;

TEST_CASE("protected columns: names in English, German and Chinese, however they are written") {
  for (const char* name : {"age",
                           "Age",
                           "AGE",
                           "customer_age",
                           "CustomerAge",
                           "age_in_years",
                           "age2",
                           "sex",
                           "Gender",
                           "date of birth",
                           "DOB",
                           "birthDate",
                           "maritalStatus",
                           "marital-status",
                           "personal_status_and_sex",
                           "personal_status",
                           "Nationality",
                           "foreign_worker",
                           "religion",
                           "Ethnic Group",
                           "is_pregnant",
                           "Disability",
                           "female",
                           "Alter",
                           "Altersgruppe",
                           "Geschlecht",
                           "Familienstand",
                           "Nationalität",
                           "NATIONALITAET",
                           "Staatsangehörigkeit",
                           "Konfession",
                           "Behinderung",
                           "männlich",
                           "年龄",
                           "客户年龄",
                           "性别",
                           "婚姻状况",
                           "是否已婚",
                           "国籍",
                           "民族",
                           "宗教信仰",
                           "出生日期",
                           "客户Age"})
    CHECK_MESSAGE(is_protected(name), name);
}

TEST_CASE("protected columns: words that only look alike are free") {
  for (const char* name :
       {"average", "page", "usage", "coverage", "mortgage", "Sussex", "agent", "package", "income", "duration_in_month",
        "trace", "races_won", "Gehalt", "Haushalt", "收入", "商品类别", "", "_"})
    CHECK_MESSAGE(!is_protected(name), name);
}
