"""Every text has its English, and no Chinese in a template escapes the catalogue."""

import re

from babel.messages.pofile import read_po

from tests.catalogue import PO, collect, unmarked_chinese

PLACEHOLDER = re.compile(r"%\(\w+\)s|{\w+}")


def test_the_english_catalogue_is_complete() -> None:
    with PO.open("rb") as file:
        english = {message.id: message.string for message in read_po(file, locale="en") if message.id}
    missing = [message.id for message in collect() if message.id and not english.get(message.id)]
    assert not missing, f"{len(missing)}: {missing[:10]}"


def test_placeholders_survive_translation() -> None:
    with PO.open("rb") as file:
        for message in read_po(file, locale="en"):
            if message.id and isinstance(message.id, str) and message.string:
                assert sorted(set(PLACEHOLDER.findall(message.id))) == sorted(
                    set(PLACEHOLDER.findall(str(message.string)))
                ), message.id


def test_no_chinese_stands_in_a_template_unmarked() -> None:
    assert not unmarked_chinese()


def test_chinese_sentences_use_chinese_punctuation() -> None:
    """GB/T 15834: no half-width comma, semicolon, colon, or question mark between Chinese characters."""
    texts = [str(message.id) for message in collect() if message.id]
    assert not [text for text in texts if re.search(r"[\u4e00-\u9fff”][,;:?!][\u4e00-\u9fff“]", text)]
