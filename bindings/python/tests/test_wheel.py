"""The wheel as it was installed: whole, typed, and leaving others alone."""

import importlib.resources
import pathlib
import subprocess
import sys

import emptor
import pytest


def extension():
    from emptor import _emptor

    return pathlib.Path(_emptor.__file__)


def test_the_package_is_the_installed_one():
    assert "site-packages" in emptor.__file__


def test_stubs_are_there_for_type_checkers():
    files = importlib.resources.files("emptor")
    assert (files / "py.typed").is_file()
    stub = (files / "_emptor.pyi").read_text()
    for name in ("class Store", "class Session", "class Record", "def open(", "def import_("):
        assert name in stub
    assert "Any" not in stub.split("def put(")[1].split("->")[0]


def test_every_public_thing_is_documented():
    for name in emptor.__all__:
        if name != "__version__":
            assert getattr(emptor, name).__doc__, name
    for kind in (emptor.Store, emptor.Session, emptor.Record, emptor.Changes, emptor.Receipt, emptor.Table):
        for name, member in vars(kind).items():
            if not name.startswith("_"):
                assert member.__doc__, f"{kind.__name__}.{name}"


def test_the_extension_needs_no_library_of_the_machine():
    needed = subprocess.run(["ldd", str(extension())], capture_output=True, text=True, check=True).stdout
    libraries = {line.split()[0].split("/")[-1] for line in needed.splitlines()}
    runtime = ("linux-vdso", "ld-linux", "libc.so", "libm.so", "libstdc++.so", "libgcc_s.so")
    carried = ("libdate-tz", "libboost_serialization", "libhwy")
    assert [name for name in libraries if not name.startswith(runtime + carried)] == []
    for line in needed.splitlines():
        if line.strip().startswith(carried):
            assert "emptor.libs" in line, line


def test_the_extension_shows_nothing_but_its_entry():
    pytest.importorskip("elftools", reason="pyelftools is not installed")
    from elftools.elf.elffile import ELFFile

    with open(extension(), "rb") as file:
        symbols = ELFFile(file).get_section_by_name(".dynsym").iter_symbols()
        shown = {symbol.name for symbol in symbols if symbol["st_shndx"] != "SHN_UNDEF" and symbol.name}
    assert shown == {"PyInit__emptor"}


def test_importing_the_package_imports_no_frames_library():
    program = "import sys, emptor; print([m for m in ('pandas', 'numpy', 'pyarrow', 'polars') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_interpreters_own_sqlite_works_beside_ours(tmp_path):
    # It opens a file of its own: two copies of SQLite on one file of one process drop each other's locks.
    sqlite3 = pytest.importorskip("sqlite3")
    with emptor.open(tmp_path / "shop.emptor", create=True) as store, store.session() as session:
        other = sqlite3.connect(tmp_path / "other.db")
        other.execute("CREATE TABLE t (a)")
        session.put("customer", {"name": "Ada"})
        other.execute("INSERT INTO t VALUES (1)")
        other.commit()
        assert session.count("customer") == 1
        assert other.execute("SELECT count(*) FROM t").fetchone() == (1,)
        other.close()


TYPED = """
import datetime
import emptor

with emptor.open("shop.emptor", create=True) as store, store.session(actor="ann") as session:
    number: int = session.put("customer", {"name": "Ada"}, by=("erp", "C-1"))
    record: emptor.Record = session.get("customer", number)
    position: int = session.apply(session.changes()).position
    names: list[str] = session.entities()
    rows: int = session.count("customer", {"city": None})
    error: emptor.Error = emptor.NotFound("nothing", field="name")
    day = datetime.date(2024, 1, 1)
    scored: int = session.insight("rfm", as_of=day)["scored"]
    report: dict[str, object] = session.import_("sales/", source="shop")
"""


def test_a_type_checker_knows_the_package(tmp_path):
    pytest.importorskip("mypy", reason="mypy is not installed")

    def check(name, program):
        (tmp_path / name).write_text(program)
        command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), name]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    good = check("good.py", TYPED)
    assert good.returncode == 0, good.stdout
    bad = check("bad.py", TYPED.replace("number: int", "number: str"))
    assert bad.returncode == 1 and "Incompatible types" in bad.stdout
