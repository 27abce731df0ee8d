"""Telephone numbers read and written as E.164.

The other side is the package phonenumbers, the Python port of the library that most programs use; ours is called from
Python too, a call a number, so both pay for the interpreter. The numbers are the package's own examples of all regions,
in international and national notation."""
import json


def unit(rows):
    return rows, "numbers"


def make(rows, folder):
    import phonenumbers as peer
    texts = []
    for region in sorted(peer.SUPPORTED_REGIONS):
        number = peer.example_number(region)
        if number is None:
            continue
        for form in (peer.PhoneNumberFormat.INTERNATIONAL, peer.PhoneNumberFormat.NATIONAL):
            texts.append((peer.format_number(number, form), region))
    (folder / "numbers.json").write_text(json.dumps([texts[i % len(texts)] for i in range(rows)]))


def same(ours, theirs):
    differ = sum(a != b for a, b in zip(ours, theirs))
    return None if differ <= len(ours) // 1000 else f"{differ} of {len(ours)} numbers read otherwise"


def emptor_(folder, threads):
    import emptor
    texts = json.loads((folder / "numbers.json").read_text())
    run = lambda: [emptor.phone(text, region=region) for text, region in texts]
    return emptor.__version__, run, lambda numbers: [number["e164"] if number.get("e164") else "" for number in numbers]


def phonenumbers_(folder, threads):
    import phonenumbers as peer
    texts = json.loads((folder / "numbers.json").read_text())
    e164 = peer.PhoneNumberFormat.E164

    def run():
        return [peer.format_number(peer.parse(text, region), e164) for text, region in texts]
    return peer.__version__, run, lambda numbers: numbers


contestants = {"emptor": emptor_, "phonenumbers": phonenumbers_}
