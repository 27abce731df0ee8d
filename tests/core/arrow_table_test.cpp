#include "core/arrow_table.hpp"

#include <doctest/doctest.h>

#include "core/arrow_convert.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "support/made_arrow.hpp"

// The layouts are written by hand from the Arrow specification ("Arrow columnar format", "C data interface").
using namespace emptor;
using namespace emptor::test;
using Kind = ArrowCell::Kind;

namespace {

ArrowCell only_cell(MadeColumn column, std::size_t row = 0) {
  MadeArrow made({std::move(column)});
  ArrowArrayStream stream = made.stream();
  const ArrowTable table(&stream);
  ArrowCell cell = table.cell(0, 0, row);
  cell.text = {};  // its memory ends here
  return cell;
}

std::string only_text(MadeColumn column, std::size_t row) {
  MadeArrow made({std::move(column)});
  ArrowArrayStream stream = made.stream();
  const ArrowTable table(&stream);
  return std::string(table.cell(0, 0, row).text);
}

/// The error of reading; everything that was handed out must have come back.
Problem refused(MadeArrow& made, const Progress& progress = {}) {
  ArrowArrayStream stream = made.stream();
  Problem problem;
  try {
    const LongCall call(progress);
    const ArrowTable table(&stream);
    FAIL_CHECK("the table was taken");
  } catch (const Error& error) {
    problem = error.first();
  }
  CHECK((stream.release == nullptr));
  CHECK(made.streams == 0);
  CHECK(made.schemas == 0);
  CHECK(made.arrays == 0);
  return problem;
}
Problem refused(MadeColumn column) {
  MadeArrow made({std::move(column)});
  return refused(made);
}
Problem spoilt(std::function<void(ArrowArray&)> spoil) {
  MadeArrow made({numbers<std::int64_t>("n", "l", {1, 2}), texts("t", {"ab", "c"})});
  made.spoil = std::move(spoil);
  return refused(made);
}

}  // namespace

TEST_CASE("arrow table: integers of every width, with and without a sign") {
  CHECK(only_cell(numbers<std::int8_t>("n", "c", {-7})).number == -7);
  CHECK(only_cell(numbers<std::uint8_t>("n", "C", {250})).number == 250);
  CHECK(only_cell(numbers<std::int16_t>("n", "s", {-700})).number == -700);
  CHECK(only_cell(numbers<std::uint16_t>("n", "S", {65'000})).number == 65'000);
  CHECK(only_cell(numbers<std::int32_t>("n", "i", {-70'000})).number == -70'000);
  CHECK(only_cell(numbers<std::uint32_t>("n", "I", {4'000'000'000U})).number == 4'000'000'000LL);
  CHECK(only_cell(numbers<std::int64_t>("n", "l", {INT64_MIN})).number == INT64_MIN);
  CHECK((only_cell(numbers<std::uint64_t>("n", "L", {UINT64_MAX})).number == Wide{INT64_MAX} * 2 + 1));
}

TEST_CASE("arrow table: floats of three widths; not a number is nothing there") {
  CHECK(only_cell(numbers<double>("x", "g", {12.5})).real == 12.5);
  const ArrowCell single = only_cell(numbers<float>("x", "f", {9.8F}));
  CHECK(single.kind == Kind::single);
  CHECK(micros_of(single) == 9'800'000);
  // binary16: 0x3555 is 0.333251953125, 0xc000 is -2, 0x7e00 is not a number
  CHECK(only_cell(numbers<std::uint16_t>("x", "e", {0x3555})).real == 0.333251953125);
  CHECK(only_cell(numbers<std::uint16_t>("x", "e", {0xc000})).real == -2);
  CHECK(only_cell(numbers<std::uint16_t>("x", "e", {0x7e00})).kind == Kind::missing);
  CHECK(only_cell(numbers<double>("x", "g", {__builtin_nan("")})).kind == Kind::missing);
}

TEST_CASE("arrow table: decimals of four widths, rounded half to even at the sixth digit") {
  CHECK(micros_of(only_cell(numbers<std::int32_t>("d", "d:9,2,32", {-1250}))) == -12'500'000);
  CHECK(micros_of(only_cell(numbers<std::int64_t>("d", "d:18,3,64", {1'500}))) == 1'500'000);
  CHECK(micros_of(only_cell(numbers<Wide>("d", "d:38,6", {Wide{-1}}))) == -1);
  CHECK(micros_of(only_cell(numbers<Wide>("d", "d:38,7", {Wide{25}}))) == 2);
  CHECK(micros_of(only_cell(numbers<Wide>("d", "d:38,7", {Wide{35}}))) == 4);
  CHECK(micros_of(only_cell(numbers<Wide>("d", "d:38,-2", {Wide{3}}))) == 300'000'000);
  CHECK(micros_of(only_cell(numbers<Wide>("d", "d:76,2,256", {Wide{-125}, Wide{-1}}))) == -1'250'000);
  MadeColumn huge = numbers<Wide>("d", "d:76,2,256", {Wide{0}, Wide{1}});
  huge.length = 1;
  CHECK(only_cell(huge).kind == Kind::beyond);
  CHECK_FALSE(micros_of(only_cell(numbers<std::uint64_t>("n", "L", {UINT64_MAX}))).has_value());
}

TEST_CASE("arrow table: days and times of every unit") {
  CHECK(only_cell(numbers<std::int32_t>("d", "tdD", {19'782})).number == 19'782);
  CHECK(only_cell(numbers<std::int64_t>("d", "tdm", {86'400'000})).number == 1);
  CHECK(only_cell(numbers<std::int64_t>("d", "tdm", {-1})).number == -1);
  const std::vector<std::pair<const char*, std::int64_t>> units = {
      {"tss:", 1}, {"tsm:", 1'000}, {"tsu:", 1'000'000}, {"tsn:", 1'000'000'000}};
  for (const auto& [format, ticks] : units) {
    const ArrowCell cell = only_cell(numbers<std::int64_t>("t", format, {90 * ticks}));
    CHECK(cell.kind == Kind::local);
    CHECK(cell.number == 90'000'000);
  }
  CHECK(only_cell(numbers<std::int64_t>("t", "tsn:", {-1})).number == -1);  // floor, not towards zero
  CHECK(only_cell(numbers<std::int64_t>("t", "tsu:UTC", {5})).kind == Kind::instant);
  CHECK(only_cell(numbers<std::int64_t>("t", "tss:", {INT64_MAX})).kind == Kind::beyond);
  CHECK(only_cell(numbers<std::int32_t>("t", "tts", {3'661})).number == 3'661'000'000LL);
  CHECK(only_cell(numbers<std::int64_t>("t", "ttn", {86'400'000'000'000})).kind == Kind::beyond);
}

TEST_CASE("arrow table: an instant falls on the day of the zone that is asked for") {
  const ArrowCell late = only_cell(numbers<std::int64_t>("t", "tss:UTC", {86'399}));
  CHECK(day_of(late, Zone()) == Date{0});
  CHECK(day_of(late, Zone::of("Asia/Shanghai")) == Date{1});
}

TEST_CASE("arrow table: text with short and long offsets, as views, and through a dictionary") {
  CHECK(only_text(texts("t", {"ab", "", "c\xc3\xa9"}), 2) == "c\xc3\xa9");
  CHECK(only_text({"t", "U", 2, {MadeBuffer(), packed<std::int64_t>({0, 2, 3}), "abc"}}, 1) == "c");
  // A view: length, then 12 bytes of text, or 4 of prefix, the number of a buffer and an offset into it.
  const std::string views = packed<std::int32_t>({2, 'h' | 'i' << 8, 0, 0}) +
                            packed<std::int32_t>({14, 'l' | 'o' << 8 | 'n' << 16 | 'g' << 24, 0, 1});
  const MadeColumn view{"t", "vu", 2, {MadeBuffer(), views, "xlonger than 12!", packed<std::int64_t>({16})}};
  CHECK(only_text(view, 0) == "hi");
  CHECK(only_text(view, 1) == "longer than 12");
  MadeColumn coded = numbers<std::int8_t>("t", "c", {1, 0, 1});
  coded.dictionary = std::make_shared<MadeColumn>(texts("", {"north", "south"}));
  CHECK(only_text(coded, 0) == "south");
  CHECK(only_text(coded, 1) == "north");
}

TEST_CASE("arrow table: what is missing is missing, by its mark, by its type, and by the row's mark") {
  MadeColumn marked = numbers<std::int64_t>("n", "l", {1, 2, 3});
  marked.buffers[0] = std::string("\x05", 1);  // the second is missing
  marked.nulls = 1;
  CHECK(only_cell(marked, 0).number == 1);
  CHECK(only_cell(marked, 1).kind == Kind::missing);
  CHECK(only_cell({"n", "n", 2, {}, 2}, 1).kind == Kind::missing);
  CHECK(only_cell({"b", "b", 9, {MadeBuffer(), std::string("\x00\x01", 2)}}, 8).number == 1);
  MadeArrow made({numbers<std::int64_t>("n", "l", {1, 2})});
  static const char second_only = 2;
  static const void* marks[] = {&second_only};
  made.spoil = [](ArrowArray& batch) {
    batch.buffers = marks;
    batch.null_count = 1;
  };
  ArrowArrayStream stream = made.stream();
  const ArrowTable table(&stream);
  CHECK(table.cell(0, 0, 0).kind == Kind::missing);
  CHECK(table.cell(0, 0, 1).number == 2);
}

TEST_CASE("arrow table: offsets of a column and of the whole batch add up") {
  MadeColumn column = numbers<std::int64_t>("n", "l", {1, 2, 3, 4, 5});
  column.offset = 1;
  column.length = 4;
  MadeArrow made({column});
  made.spoil = [](ArrowArray& batch) {
    batch.offset = 2;
    batch.length = 2;
  };
  ArrowArrayStream stream = made.stream();
  const ArrowTable table(&stream);
  CHECK(table.rows() == 2);
  CHECK(table.cell(0, 0, 0).number == 4);
  CHECK(table.cell(0, 0, 1).number == 5);
}

TEST_CASE("arrow table: batches are kept until the table is gone, the stream is not") {
  MadeArrow made({numbers<std::int64_t>("n", "l", {1, 2})});
  made.batches = 3;
  {
    ArrowArrayStream stream = made.stream();
    const ArrowTable table(&stream);
    CHECK(table.rows() == 6);
    CHECK(table.batches() == 3);
    CHECK(made.streams == 0);
    CHECK(made.schemas == 0);
    CHECK(made.arrays == 6);
  }
  CHECK(made.arrays == 0);
}

TEST_CASE("arrow table: columns that hold no single value are refused by name and reason") {
  const std::vector<std::pair<const char*, const char*>> types = {{"z", "binary"},
                                                                  {"vz", "binary"},
                                                                  {"w:16", "binary of a fixed size"},
                                                                  {"+l", "a list"},
                                                                  {"+s", "a struct"},
                                                                  {"+m", "a map"},
                                                                  {"+ud:0,1", "a union"},
                                                                  {"+r", "run-end encoded"},
                                                                  {"tDs", "a duration"},
                                                                  {"tiM", "an interval"},
                                                                  {"?", "of a type that is not known"},
                                                                  {"", "of a type that is not known"},
                                                                  {"d:x", "of a type that is not known"},
                                                                  {"d:10,2,12", "of a type that is not known"},
                                                                  {"tsx:", "of a type that is not known"}};
  for (const auto& [format, words] : types) {
    MadeColumn column = numbers<std::int64_t>("blob", format, {1});
    const Problem problem = refused(column);
    CHECK(problem.code == Code::unsupported);
    CHECK(problem.field == "blob");
    CHECK(problem.message == "the column 'blob' is " + std::string(words));
  }
}

TEST_CASE("arrow table: arrays that contradict themselves are errors that name the column and the row") {
  using Spoil = std::function<void(ArrowArray&)>;
  const std::vector<std::pair<const char*, Spoil>> spoils = {
      {"negative length", [](ArrowArray& a) { a.children[0]->length = -1; }},
      {"negative offset", [](ArrowArray& a) { a.children[1]->offset = -1; }},
      {"huge offset", [](ArrowArray& a) { a.children[1]->offset = INT64_MAX; }},
      {"shorter than the batch", [](ArrowArray& a) { a.children[0]->length = 1; }},
      {"batch offset beyond", [](ArrowArray& a) { a.offset = 1; }},
      {"negative batch", [](ArrowArray& a) { a.length = -5; }},
      {"no buffers", [](ArrowArray& a) { a.children[0]->buffers = nullptr; }},
      {"wrong number of buffers", [](ArrowArray& a) { a.children[0]->n_buffers = 3; }},
      {"no values", [](ArrowArray& a) { a.children[0]->buffers[1] = nullptr; }},
      {"no text", [](ArrowArray& a) { a.children[1]->buffers[2] = nullptr; }},
      {"missing but not marked", [](ArrowArray& a) { a.children[0]->null_count = 1; }},
      {"another number of columns", [](ArrowArray& a) { a.n_children = 1; }},
      {"no columns", [](ArrowArray& a) { a.children = nullptr; }},
      {"no batch buffers", [](ArrowArray& a) { a.n_buffers = 0; }}};
  for (const auto& [what, spoil] : spoils) CHECK_MESSAGE(spoilt(spoil).code == Code::invalid, what);
  const Problem backwards = refused({"t", "u", 2, {MadeBuffer(), packed<std::int32_t>({0, 2, 1}), "ab"}});
  CHECK(backwards.code == Code::invalid);
  CHECK(backwards.field == "t");
  CHECK(backwards.row == 2);
  CHECK(refused({"t", "u", 1, {MadeBuffer(), packed<std::int32_t>({-4, 2}), "ab"}}).code == Code::invalid);
  CHECK(refused({"t", "U", 1, {MadeBuffer(), packed<std::int64_t>({0, 17 << 20}), "ab"}}).code == Code::budget);
}

TEST_CASE("arrow table: views and indices that point beyond their memory are errors") {
  const auto view = [](std::int32_t size, std::int32_t buffer, std::int32_t begin) {
    return refused({"t",
                    "vu",
                    1,
                    {MadeBuffer(), packed<std::int32_t>({size, 0, buffer, begin}), "0123456789abcdef",
                     packed<std::int64_t>({16})}})
        .code;
  };
  CHECK(view(17, 0, 0) == Code::invalid);
  CHECK(view(13, 0, 4) == Code::invalid);
  CHECK(view(13, 1, 0) == Code::invalid);
  CHECK(view(13, -1, 0) == Code::invalid);
  CHECK(view(13, 0, -1) == Code::invalid);
  CHECK(view(-1, 0, 0) == Code::invalid);
  for (const std::int8_t index : {-1, 2}) {
    MadeColumn coded = numbers<std::int8_t>("t", "c", {index});
    coded.dictionary = std::make_shared<MadeColumn>(texts("", {"a", "b"}));
    const Problem problem = refused(coded);
    CHECK(problem.code == Code::invalid);
    CHECK(problem.row == 1);
  }
  MadeColumn coded = numbers<double>("t", "g", {0.0});
  coded.dictionary = std::make_shared<MadeColumn>(texts("", {"a"}));
  CHECK(refused(coded).code == Code::unsupported);
}

TEST_CASE("arrow table: text must be UTF-8 without NUL") {
  CHECK(refused(texts("t", {"ok", "\xff"})).row == 2);
  CHECK(refused(texts("t", {std::string_view("a\0b", 3)})).code == Code::invalid);
  CHECK(refused(texts("\xff", {"a"})).code == Code::invalid);
}

TEST_CASE("arrow table: a schema that is no table's is refused") {
  using Spoil = std::function<void(ArrowSchema&)>;
  for (const Spoil& spoil :
       {Spoil([](ArrowSchema& s) { s.format = "l"; }), Spoil([](ArrowSchema& s) { s.format = nullptr; }),
        Spoil([](ArrowSchema& s) { s.n_children = -1; }), Spoil([](ArrowSchema& s) { s.n_children = INT64_MAX; }),
        Spoil([](ArrowSchema& s) { s.children = nullptr; }), Spoil([](ArrowSchema& s) { s.n_children = 0; })}) {
    MadeArrow made({numbers<std::int64_t>("n", "l", {1})});
    made.spoil_schema = spoil;
    CHECK(refused(made).code == Code::invalid);
  }
}

TEST_CASE("arrow table: a stream that fails is told with its own words, and a host can stop the reading") {
  MadeArrow made({numbers<std::int64_t>("n", "l", {1})});
  made.batches = 3;
  made.fail_at = 2;
  const Problem failed = refused(made);
  CHECK(failed.code == Code::io);
  CHECK(failed.hint == "the made stream was told to fail");
  made.fail_at = -1;
  const Problem stopped = refused(made, [](std::string_view, std::uint64_t, std::uint64_t) { return false; });
  CHECK(stopped.code == Code::cancelled);
  ArrowArrayStream none{};
  CHECK_THROWS_AS(ArrowTable{&none}, Error);
  CHECK_THROWS_AS(ArrowTable{nullptr}, Error);
}

namespace {

/// The error of reading a column of lists where lists are read.
Problem refused_lists(MadeColumn column, std::function<void(ArrowArray&)> spoil = {},
                      std::function<void(ArrowSchema&)> spoil_schema = {}) {
  MadeArrow made({std::move(column)});
  made.spoil = std::move(spoil);
  made.spoil_schema = std::move(spoil_schema);
  ArrowArrayStream stream = made.stream();
  Problem problem;
  try {
    const ArrowTable table(&stream, ArrowLists::read);
    FAIL_CHECK("the table was taken");
  } catch (const Error& error) {
    problem = error.first();
  }
  CHECK(made.streams + made.schemas + made.arrays == 0);
  return problem;
}

}  // namespace

TEST_CASE("arrow table: lists are read where they are asked for, of numbers and of texts, of short and long offsets") {
  MadeColumn wide{"w", "+L", 3, {MadeBuffer("\x05"), packed<std::int64_t>({1, 3, 3, 4})}};
  wide.nulls = 1;
  wide.items = std::make_shared<MadeColumn>(numbers<std::int16_t>("item", "s", {7, 8, -9, 10}));
  MadeArrow made({lists("t", {2, 2, 3}, texts("item", {"tea", "milk", "egg"})), wide});
  ArrowArrayStream stream = made.stream();
  const ArrowTable table(&stream, ArrowLists::read);
  REQUIRE(table.list(0, 0, 0)->size() == 2);
  CHECK((*table.list(0, 0, 0))[1].text == "milk");
  CHECK(table.list(0, 0, 1)->empty());
  CHECK((*table.list(0, 0, 2))[0].text == "egg");
  REQUIRE(table.list(0, 1, 0)->size() == 2);
  CHECK((*table.list(0, 1, 0))[1].number == -9);
  CHECK_FALSE(table.list(0, 1, 1).has_value());
  CHECK((*table.list(0, 1, 2))[0].number == 10);
}

TEST_CASE("arrow table: a part of a column of lists begins where its offset says") {
  MadeColumn column = lists("t", {1, 3, 4}, numbers<std::int32_t>("item", "i", {5, 6, 7, 8}));
  column.offset = 1;
  column.length = 2;
  MadeArrow made({column});
  ArrowArrayStream stream = made.stream();
  const ArrowTable table(&stream, ArrowLists::read);
  REQUIRE(table.list(0, 0, 0)->size() == 2);
  CHECK((*table.list(0, 0, 0))[0].number == 6);
  CHECK((*table.list(0, 0, 1))[0].number == 8);
}

TEST_CASE("arrow table: lists that contradict themselves are errors") {
  const auto made = [](std::initializer_list<std::int32_t> ends) {
    return lists("t", ends, numbers<std::int32_t>("item", "i", {5, 6, 7, 8}));
  };
  CHECK(refused_lists(made({2, 1})).code == Code::invalid);
  CHECK(refused_lists(made({2, 1})).row == 2);
  CHECK(refused_lists(made({2, 5})).code == Code::invalid);
  CHECK(refused_lists(made({-1, 2})).code == Code::invalid);
  CHECK(refused_lists(made({2, INT32_MAX})).code == Code::invalid);
  MadeColumn wide = made({2, 4});
  wide.format = "+L";
  wide.buffers[1] = packed<std::int64_t>({INT64_MIN, INT64_MAX, 2});
  CHECK(refused_lists(wide).code == Code::invalid);
  wide.buffers[1] = packed<std::int64_t>({0, INT64_MAX, INT64_MAX});
  CHECK(refused_lists(wide).code == Code::invalid);
  using Spoil = std::function<void(ArrowArray&)>;
  for (const Spoil& spoil : {Spoil([](ArrowArray& a) { a.children[0]->n_children = 0; }),
                             Spoil([](ArrowArray& a) { a.children[0]->children = nullptr; }),
                             Spoil([](ArrowArray& a) { a.children[0]->n_buffers = 3; }),
                             Spoil([](ArrowArray& a) { a.children[0]->buffers[1] = nullptr; }),
                             Spoil([](ArrowArray& a) { a.children[0]->length = -1; }),
                             Spoil([](ArrowArray& a) { a.children[0]->children[0]->length = 3; }),
                             Spoil([](ArrowArray& a) { a.children[0]->children[0]->buffers[1] = nullptr; })})
    CHECK(refused_lists(made({2, 4}), spoil).code == Code::invalid);
  using SpoilSchema = std::function<void(ArrowSchema&)>;
  for (const SpoilSchema& spoil : {SpoilSchema([](ArrowSchema& s) { s.children[0]->n_children = 0; }),
                                   SpoilSchema([](ArrowSchema& s) { s.children[0]->n_children = 2; }),
                                   SpoilSchema([](ArrowSchema& s) { s.children[0]->children = nullptr; })})
    CHECK(refused_lists(made({2, 4}), {}, spoil).code == Code::invalid);
  CHECK(refused_lists(lists("t", {1}, texts("item", {"\xff"}))).code == Code::invalid);
  MadeColumn coded = numbers<std::int8_t>("item", "c", {0});
  coded.dictionary = std::make_shared<MadeColumn>(texts("", {"a"}));
  CHECK(refused_lists(lists("t", {1}, coded)).code == Code::unsupported);
  CHECK(refused_lists(lists("t", {1}, numbers<std::int64_t>("item", "+l", {1}))).code == Code::unsupported);
}
