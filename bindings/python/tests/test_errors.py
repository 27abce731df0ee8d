import emptor
import emptor.errors
import pytest

CODES = (
    "invalid not_found conflict duplicate denied busy io full corrupt newer unsupported budget cancelled memory "
    "misuse internal"
).split()


def test_each_code_has_its_exception():
    assert sorted(kind.code for kind in emptor.Error.__subclasses__()) == sorted(CODES)
    for code in CODES:
        error = emptor.errors.of(code, "a sentence", "customer", "name", 3, "what to do", 2)
        assert type(error).code == code and isinstance(error, emptor.Error)


def test_an_error_tells_what_where_and_what_to_do():
    error = emptor.errors.of("invalid", "it is too long", "customer", "name", 3, "shorten it", 2)
    assert (error.entity, error.field, error.row, error.hint, error.problems) == (
        "customer",
        "name",
        3,
        "shorten it",
        2,
    )
    assert str(error) == "customer.name: it is too long (row 3) and 1 more; shorten it"
    bare = emptor.errors.of("io", "the disk is gone", "", "", -1, "", 1)
    assert (bare.entity, bare.field, bare.row, bare.hint) == (None, None, None, None)
    assert str(bare) == "the disk is gone"


def test_errors_are_what_python_expects_of_their_kind():
    assert issubclass(emptor.NotFound, KeyError) and issubclass(emptor.Invalid, ValueError)
    assert issubclass(emptor.Memory, MemoryError)
    assert str(emptor.NotFound("no such field")) == "no such field"


def test_the_library_fills_the_attributes(session):
    with pytest.raises(emptor.Invalid) as raised:
        session.put("customer", {"name": "Ada", "birth_date": "yesterday"})
    error = raised.value
    assert (error.code, error.entity, error.field) == ("invalid", "customer", "birth_date")
    assert error.hint and "yesterday" not in str(error)


def test_unknown_names_are_not_found(session):
    for call in (
        lambda: session.get("nothing", 1),
        lambda: session.get("customer", 1),
        lambda: session.put("nothing", {}),
        lambda: session.insight("nothing"),
        lambda: session.fields("nothing"),
    ):
        with pytest.raises(emptor.NotFound):
            call()


def test_malformed_text_does_not_get_in(session):
    with pytest.raises((emptor.Invalid, UnicodeError)):
        session.put("customer", {"name": "a lone surrogate \ud800"})
    with pytest.raises((TypeError, UnicodeError)):
        session.find("customer", "erp", "\ud800")
    with pytest.raises(emptor.Invalid):
        session.put("customer", {"name": "a NUL \0 within"})
    assert session.count("customer") == 0
