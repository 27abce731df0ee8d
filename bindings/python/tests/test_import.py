import emptor
import pytest


def test_a_file_is_imported_and_told_of(session, sales):
    report = session.import_(sales, source="shop")
    assert isinstance(report, emptor.Report) and isinstance(report, dict)
    assert report["entities"]["order_line"]["written"] == 3000
    assert session.count("order_line") == 3000
    assert session.count("customer") == 97
    assert session.find("customer", "shop", "C5").name == "Customer 5"


def test_the_same_file_again_changes_nothing(session, sales):
    session.import_(sales)
    position = session.feed()["position"]
    report = session.import_([sales])
    assert report["entities"]["order_line"]["unchanged"] == 3000
    assert session.feed()["position"] == position


def test_a_folder_is_imported_and_a_dry_run_writes_nothing(session, sales):
    report = session.import_(sales.parent, dry_run=True)
    assert report["entities"]["order_line"]["read"] == 3000
    assert session.count("order_line") == 0


def test_a_mapping_and_rejects_are_taken(session, tmp_path):
    table = tmp_path / "people.csv"
    table.write_text("Kdnr,Was\nC1,Ada\nC2,\n")
    mapping = "*.Kdnr -> customer.external_id\n*.Was -> customer.name\n"
    session.import_(table, mapping=mapping, source="erp", rejects=tmp_path / "rejects.csv")
    assert session.find("customer", "erp", "C1").name == "Ada"


def test_a_report_shows_itself_in_a_notebook(session, sales):
    html = session.import_(sales)._repr_html_()
    assert "<table>" in html and "order_line" in html and "3000" in html


def test_a_path_that_is_not_there_is_told(session, tmp_path):
    with pytest.raises(emptor.Error):
        session.import_(tmp_path / "none.csv")
    with pytest.raises(TypeError):
        session.import_(7)


def test_the_progress_of_an_import_is_told_and_can_stop_it(store, sales):
    heard = []

    def listen(stage, done, total):
        heard.append((stage, done, total))

    with store.session(progress=listen) as session:
        session.import_(sales)
    assert heard and all(isinstance(stage, str) and done >= 0 for stage, done, _ in heard)
    with store.session() as session, pytest.raises(emptor.Cancelled):
        session.import_(sales, progress=lambda *_: False)


def test_an_exception_of_the_progress_callback_comes_out_of_the_import(session, sales):
    class Enough(Exception):
        pass

    def stop(*_):
        raise Enough("that will do")

    with pytest.raises(Enough, match="that will do"):
        session.import_(sales, progress=stop)
    assert session.count("order_line") == 0
    session.import_(sales)
    assert session.count("order_line") == 3000


def test_a_session_at_work_is_not_used_by_its_callback(session, sales):
    with pytest.raises(emptor.Misuse, match="at work"):
        session.import_(sales, progress=lambda *_: session.count("customer") >= 0)


def test_an_insight_is_run_with_its_options(session, sales):
    session.import_(sales, source="shop")
    result = session.insight("rfm", as_of="2024-12-31", write=False)
    assert result["insight"] == "rfm" and result["as_of"] == "2024-12-31"
    assert session.count("score") == 0
    kept = session.insight("rfm")
    assert kept["scored"] == 97 and session.count("score") > 0
    assert "rfm" in kept._repr_html_()
    assert "rfm" in [insight["name"] for insight in emptor.insights()]
    with pytest.raises(emptor.Error):
        session.insight("rfm", no_such_option=1)
