import importlib.metadata

import emptor
import pytest


def test_the_version_of_the_package_is_that_of_the_library():
    assert emptor.__version__ == importlib.metadata.version("emptor")


def test_a_store_that_is_made_has_the_currency_and_zone_that_were_asked_for(tmp_path):
    with emptor.open(tmp_path / "shop.emptor", create=True, currency="EUR", zone="Europe/Berlin") as store:
        assert (store.currency, store.zone, store.position) == ("EUR", "Europe/Berlin", 0)
        assert len(store.id) == 32
        assert store.path == str(tmp_path / "shop.emptor")


def test_a_store_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(emptor.NotFound) as raised:
        emptor.open(tmp_path / "none.emptor")
    assert raised.value.code == "not_found"


def test_a_file_that_is_no_store_is_corrupt(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer, " * 1000)
    with pytest.raises(emptor.Corrupt):
        emptor.open(path)


def test_a_read_only_store_refuses_to_write(tmp_path):
    path = tmp_path / "shop.emptor"
    emptor.open(path, create=True).close()
    with emptor.open(path, read_only=True) as store, store.session() as session:
        with pytest.raises(emptor.Error):
            session.put("customer", {"name": "Ada"})
        assert session.count("customer") == 0


def test_a_store_with_an_open_session_is_not_closed(store):
    session = store.session()
    with pytest.raises(emptor.Misuse):
        store.close()
    session.close()


def test_what_is_closed_says_so(tmp_path):
    store = emptor.open(":memory:", create=True)
    session = store.session()
    session.close()
    session.close()
    store.close()
    store.close()
    with pytest.raises(emptor.Misuse, match="closed"):
        session.count("customer")
    with pytest.raises(emptor.Misuse, match="closed"):
        store.session()
    assert "closed" in repr(store) and "closed" in repr(session)


def test_what_nobody_holds_any_more_closes_itself(tmp_path):
    path = tmp_path / "shop.emptor"
    session = emptor.open(path, create=True).session()
    session.put("customer", {"name": "Ada"})
    del session
    assert not path.with_name("shop.emptor-wal").exists() or path.with_name("shop.emptor-wal").stat().st_size == 0
    with emptor.open(path) as store, store.session() as again:
        assert again.count("customer") == 1


def test_a_backup_is_a_store(tmp_path):
    with emptor.open(tmp_path / "shop.emptor", create=True) as store:
        with store.session() as session:
            session.put("customer", {"name": "Ada"})
        store.backup(tmp_path / "copy.emptor")
        with pytest.raises(emptor.Invalid):
            store.backup(tmp_path / "copy.emptor")
    with emptor.open(tmp_path / "copy.emptor") as copy, copy.session() as session:
        assert session.select("customer")[0].name == "Ada"


def test_sealed_fields_are_read_with_the_key_and_by_nobody_else(tmp_path):
    key, other = bytes(range(32)), bytes(32)
    path = tmp_path / "shop.emptor"
    with emptor.open(path, create=True, keys=key) as store, store.session() as session:
        session.put("customer", {"name": "Zwetschge", "city": "Ulm"})
        assert session.run("seal_fields", fields=["customer.name"])["sealed"] == ["customer.name", "customer.name_key"]
        assert session.select("customer")[0].name == "Zwetschge"
    assert b"Zwetschge" not in path.read_bytes()
    with emptor.open(path, keys=[other, key]) as store, store.session() as session:
        session.run("rotate_keys")
    with emptor.open(path, keys=other) as store, store.session() as session:
        assert session.select("customer", where={"name": "Zwetschge"})[0].city == "Ulm"
        with pytest.raises(emptor.Unsupported):
            session.select("customer", order_by="name")
    for keys in (None, key):
        with emptor.open(path, keys=keys) as store, store.session() as session, pytest.raises(emptor.Denied):
            session.select("customer")
    with pytest.raises(emptor.Invalid):
        emptor.open(path, keys=b"short")
