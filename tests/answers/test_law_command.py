"""The command `sim law`: three questions, and everything wrong with one told at once."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from sim.cli import cli

GOODS = ("--on", "2017-08-16", "--importer", "US", "--origin", "MX", "--hts", "8708.40")


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["law", *arguments], prog_name="sim")


def test_goods_on_a_day() -> None:
    result = ask(*GOODS, "--value", "USD 200000", "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    rows = {row["programme"]: row for row in answer["programmes"]}
    assert rows["us/mfn"]["rate"] == "2.5 % of dutiable value"
    assert (rows["us/mfn"]["outcome"], rows["us/mfn"]["amount_cents"]) == ("charge", 500_000)
    claimed = json.loads(ask(*GOODS, "--claim", "nafta", "--value", "USD 200000", "--format", "json").stdout)
    rows = {row["programme"]: row for row in claimed["programmes"]}
    assert (rows["us/mfn"]["outcome"], rows["us/mfn"]["amount_cents"]) == ("exempt", None)


def test_a_reform_may_be_laid_over_the_law() -> None:
    result = ask(*GOODS, "--reform", "import_tax_20_mexico", "--value", "USD 200000", "--format", "json")
    rows = {row["programme"]: row for row in json.loads(result.stdout)["programmes"]}
    assert rows["us/proposals/import_tax_20_mexico"]["amount_cents"] == 4_000_000


def test_everything_that_is_wrong_is_told_at_once() -> None:
    result = ask(
        *("--on", "1993-12-31", "--importer", "UK", "--origin", "Mexco", "--hts", "77", "--claim", "nafto"),
        *("--value", "5 pounds", "--known", "yesterday", "--fact", "kit=maybe", "--fact", "kti=yes"),
        *("--fact", "origin=MX", "--fact", "use", "--fact", "use=aftermaket", "--fact", "us_content=USD -1"),
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "sim law: 13 problems\n"
        "  --on: 1993-12-31 is before the law. The earliest is 1994-01-01.\n"
        "  --known: 'yesterday' is not a date. Write it as 2025-04-03.\n"
        "  --importer: no law of 'UK' as an importer. Allowed importers: CA, MX, US.\n"
        "  --origin: 'Mexco' is not a country by its letters. Did you mean 'MX' (Mexico)?\n"
        "  --hts: '77' is not a tariff code. Write four to ten digits, such as '8544.30'.\n"
        "  --claim: no agreement named 'nafto'. Did you mean 'nafta'?\n"
        "  --value: '5 pounds' is not an amount of money. Write the currency first, such as 'USD 200000'.\n"
        "  --fact kit=maybe: 'maybe' is neither yes nor no.\n"
        "  --fact kti=yes: no fact named 'kti'. Did you mean 'kit'?\n"
        "  --fact origin=MX: 'origin' has an option of its own: --origin.\n"
        "  --fact use: is not a fact. Write 'name=value', such as 'use=aftermarket'.\n"
        "  --fact us_content=USD -1: 'USD -1' is negative. A value is nothing or more.\n"
        "  --fact use: 'aftermaket' is not a use. Did you mean 'aftermarket'?\n"
    )


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        (
            "--hts",
            "7712.34",
            "--hts: '7712.34': chapter 77 is reserved: no good is in it. Allowed chapters: 01 to 97, but not 77.",
        ),
        ("--hts", "0012.34", "--hts: '0012.34': chapter 00 does not exist. Allowed chapters: 01 to 97, but not 77."),
        (
            "--hts",
            "9802.00.80",
            "--hts: '9802.00.80' is a special provision, not a good. Give the good's own code, and the provision as "
            "--fact chapter_98=9802.00.80.",
        ),
        ("--origin", "mx", "--origin: 'mx' is not a country. Did you mean 'MX'?"),
        ("--origin", "MEX", "--origin: 'MEX' is not a country. Did you mean 'MX'?"),
        ("--origin", "XQ", "--origin: 'XQ' is not a country. Write two capital letters (ISO 3166), such as 'MX'."),
        ("--importer", "us", "--importer: 'us' is not a country. Did you mean 'US'?"),
        ("--importer", "Canada", "--importer: 'Canada' is not a country by its letters. Did you mean 'CA' (Canada)?"),
        ("--value", "EUR 5", "--value: 'EUR 5' is in EUR. Customs value is declared in USD."),
    ],
)
def test_one_wrong_word(option: str, value: str, message: str) -> None:
    words = dict(zip(GOODS[::2], GOODS[1::2], strict=True)) | {option: value}
    result = ask(*(word for pair in words.items() for word in pair))
    assert (result.exit_code, result.stderr) == (1, f"sim law: {message}\n")


def test_a_day_far_beyond_the_law_is_refused() -> None:
    result = ask("--on", "2099-01-01", *GOODS[2:])
    assert result.exit_code == 1
    assert result.stderr.startswith("sim law: --on: 2099-01-01 is beyond the law. The last document is of 20")


def test_an_amount_needs_the_customs_value() -> None:
    result = ask(*GOODS, "--fact", "us_content=USD 5")
    assert result.stderr == ("sim law: --value: is missing. An amount among the facts needs the customs value too.\n")


def test_one_value_by_its_path() -> None:
    result = ask("us/mfn/rates/8708.40", "--on", "2017-08-16", "--format", "json")
    assert [row["value"] for row in json.loads(result.stdout)["values"]] == ["2.5 %"]
    result = ask("us/mnf")
    assert (result.exit_code, result.stderr) == (
        1,
        "law: no value or programme named 'us/mnf'. Did you mean 'us/mfn'?\n",
    )
    result = ask("us/mfn", "--on", "16.8.2017")
    assert (result.exit_code, result.stderr) == (
        1,
        "sim law: --on: '16.8.2017' is not a date. Write it as 2025-04-03.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Error: Give a PATH, or --difference REFORM, or goods such as: sim law --on 2025-03-05 --importer US "),
        (
            ("--hts", "8708.40"),
            "Error: Missing: --on, --importer, --origin. Give a PATH, or --difference REFORM, or goods",
        ),
        (("us/mfn", "--hts", "8708.40"), "Error: --hts cannot be used with a PATH."),
        (("us/mfn", "--difference", "x"), "Error: Give either a PATH or --difference, not both."),
        (("--difference", "x", "--fact", "kit=yes"), "Error: --fact cannot be used with --difference."),
    ],
)
def test_words_that_make_no_question(arguments: tuple[str, ...], message: str) -> None:
    result = ask(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
