#!/usr/bin/env python3
"""Compares parse_phone with the package phonenumbers, number by number.

    python3 -m pip install phonenumbers==9.0.43      # in an environment of its own
    tests/peers/phone_oracle.py build/dev/bin/phone_lines [--count 100000] [--seed 1] [--differences FILE]
    tests/peers/phone_oracle.py --sample > tests/core/phone_sample.tsv

Two sets: the example numbers of all regions and kinds, each written in all the ways that the package knows
(international, national, RFC 3966, E.164, as dialled from another region), and random numbers that the package calls
valid, of all regions in turn, each written in one of these ways. A tenth has an extension. Both sides read the text
from the same region; where they differ, both are held against the number that was written. Ends with 1 where less than 99.9 % agree, with 77 (skipped) where the package is absent or of another version.
--sample writes some of both sets with the package's answers, for the tests that run without it.
"""
import argparse
import random
import subprocess
import sys
from re import _constants as token, _parser as regex

VERSION = "9.0.43"
try:
    import phonenumbers as peer
    from phonenumbers.phonemetadata import PhoneMetadata
except ImportError:
    peer = None

KINDS = {0: "fixed_line", 1: "mobile", 2: "fixed_or_mobile", 3: "toll_free", 4: "premium_rate", 5: "shared_cost",
         6: "voip", 7: "personal", 8: "pager", 9: "company", 10: "voicemail", 99: "unknown"}
FIELDS = ("calling code", "national number", "region", "kind", "extension", "validity")


def plans():
    for region in sorted(peer.SUPPORTED_REGIONS):
        yield region, PhoneMetadata.metadata_for_region(region)
    for code in sorted(peer.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        yield "001", PhoneMetadata.metadata_for_nongeo_region(code)


def descs(plan):
    names = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "personal_number", "pager",
             "uan", "voicemail")
    return [d for d in (getattr(plan, name) for name in names) if d is not None and d.national_number_pattern]


def random_match(items, dice):
    """A random text that a parsed pattern matches."""
    text = ""
    for kind, value in items:
        if kind is token.LITERAL:
            text += chr(value)
        elif kind is token.IN:
            text += random_digit(value, dice)
        elif kind is token.BRANCH:
            text += random_match(dice.choice(value[1]), dice)
        elif kind is token.SUBPATTERN:
            text += random_match(value[-1], dice)
        elif kind is token.MAX_REPEAT:
            least, most, content = value
            text += "".join(random_match(content, dice) for _ in range(dice.randint(least, most)))
        else:
            raise ValueError(f"no rule for {kind}")
    return text


def random_digit(items, dice):
    digits = ""
    for kind, value in items:
        if kind is token.LITERAL:
            digits += chr(value)
        elif kind is token.RANGE:
            digits += "".join(map(chr, range(value[0], value[1] + 1)))
        else:
            digits += "0123456789"
    return dice.choice(digits)


def as_number(code, national):
    stripped = national.lstrip("0") or "0"
    zeros = len(national) - len(stripped)
    return peer.PhoneNumber(country_code=code, national_number=int(stripped), italian_leading_zero=zeros > 0 or None,
                            number_of_leading_zeros=zeros if zeros > 1 else None)


def random_numbers(count, dice):
    """(region, number) of valid numbers, from all regions in turn."""
    sources = [(region, plan.country_code, [regex.parse(d.national_number_pattern) for d in descs(plan)])
               for region, plan in plans()]
    made = 0
    while made < count:
        for region, code, patterns in sources:
            number = as_number(code, random_match(dice.choice(patterns), dice))
            if made < count and peer.is_valid_number(number):
                made += 1
                yield region, number


def examples():
    for region, plan in plans():
        for desc in descs(plan):
            if desc.example_number:
                yield region, as_number(plan.country_code, desc.example_number)


def written(region, number, style, dice):
    """The number in one of five notations, and the region from which it is to be read."""
    if dice.random() < 0.1:
        number.extension = str(dice.randint(1, 99999))
    home = region if region != "001" else dice.choice(["DE", "US", "CN", "BR"])
    formats = (peer.PhoneNumberFormat.INTERNATIONAL, peer.PhoneNumberFormat.NATIONAL, peer.PhoneNumberFormat.RFC3966,
               peer.PhoneNumberFormat.E164)
    if style < 4 and not (style == 1 and region == "001"):
        return home, peer.format_number(number, formats[style])
    away = dice.choice(sorted(peer.SUPPORTED_REGIONS))
    return away, peer.format_out_of_country_calling_number(number, away)


def expected(region, text):
    """What the package says, as phone_lines prints it; nothing where it refuses."""
    try:
        number = peer.parse(text, region)
    except peer.NumberParseException:
        return None
    return (str(number.country_code), peer.national_significant_number(number),
            peer.region_code_for_number(number) or "", KINDS[peer.number_type(number)], number.extension or "",
            str(peer.is_valid_number(number)))


STYLES = 5


def cases(numbers, dice, each_style=False):
    """(region, text, the number's E.164 form)"""
    for i, (region, number) in enumerate(numbers):
        for style in range(STYLES) if each_style else [i % STYLES]:
            yield *written(region, copy_of(number), style, dice), e164(number)


def copy_of(number):
    same = peer.PhoneNumber()
    same.merge_from(number)
    return same


def e164(number):
    return f"+{number.country_code}{peer.national_significant_number(number)}"


def answers(program, texts):
    given = "".join(f"{region}\t{text}\n" for region, text, _ in texts)
    printed = subprocess.run([program], input=given, capture_output=True, text=True, check=True).stdout
    for line in printed.splitlines():
        state, code, national, region, kind, extension = line.split("\t")
        yield None if state in ("none", "local") else (code, national, region, kind, extension, str(state == "valid"))


def compare(name, program, texts, out):
    wrong = dict.fromkeys(FIELDS, 0)
    different = ours_right = theirs_right = 0
    for (region, text, number), ours in zip(texts, answers(program, texts), strict=True):
        theirs = expected(region, text)
        if ours == theirs:
            continue
        different += 1
        ours_right += ours is not None and f"+{ours[0]}{ours[1]}" == number
        theirs_right += theirs is not None and f"+{theirs[0]}{theirs[1]}" == number
        for i, field in enumerate(FIELDS):
            wrong[field] += ours is None or theirs is None or ours[i] != theirs[i]
        print(name, region, text, ours, theirs, sep="\t", file=out)
    share = 100 * (1 - different / len(texts))
    print(f"{name}: {len(texts)} numbers, {different} read differently, {share:.4f} % the same")
    if different:
        print(f"    of these read as they were written: {ours_right} by us, {theirs_right} by the package")
    for field, count in wrong.items():
        if count:
            print(f"    {field}: {count} differ")
    return share >= 99.9


def print_sample(dice):
    """As many as make the tests meet each region and kind; only what the package reads."""
    texts = list(cases(examples(), dice)) + list(cases(random_numbers(1000, dice), dice))
    for region, text, _ in texts:
        answer = expected(region, text)
        if answer is not None:
            print(region, text, *answer[:5], sep="\t")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program", nargs="?")
    options.add_argument("--count", type=int, default=100000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--sample", action="store_true")
    options.add_argument("--differences", type=argparse.FileType("w", encoding="utf-8"), default=sys.stderr)
    chosen = options.parse_args()
    if peer is None or peer.__version__ != VERSION:
        print(f"skipped: the package phonenumbers {VERSION} is not installed", file=sys.stderr)
        return 77
    dice = random.Random(chosen.seed)
    if chosen.sample:
        print_sample(dice)
        return 0
    same = compare("examples", chosen.program, list(cases(examples(), dice, each_style=True)), chosen.differences)
    return 0 if compare("generated", chosen.program, list(cases(random_numbers(chosen.count, dice), dice)),
                        chosen.differences) and same else 1


if __name__ == "__main__":
    sys.exit(main())
