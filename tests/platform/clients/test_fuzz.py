"""Whatever a program sends, the answer is a clear one: never a 500, and never another shape."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
QUICK = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

odd = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.sampled_from(
        [
            "x",
            "ا",
            "9" * 40,
            "٣٣",
            "😀😀",
            "\u202eZarghun\u202c",
            "Zarghun تلبند Talband",
            "\ud800",
            "Z\udfff\ud800",
            "\0",
            "Z" * 10_000,
            "Z" * 10_001,
            "a " * 3_000,
            "' OR 1=1 --",
            "<script>",
            "%00",
            "NULL",
            "nan",
            "-0",
            "\u200b\u200d",
            "1984-02-31",
            "0000-00-00",
            "9999-99-99",
            "31.02.1984",
            "1984/1983",
            "12" * 30,
        ]
    ),
)
value = st.one_of(
    odd,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.lists(odd, max_size=3),
    st.dictionaries(odd, odd, max_size=2),
)
props = st.sampled_from(
    [
        "name",
        "alias",
        "firstName",
        "lastName",
        "birthDate",
        "nationality",
        "idNumber",
        "fatherName",
        "address",
        "topics",
    ]
)
query = st.one_of(
    value,
    st.fixed_dictionaries(
        {
            "schema": st.one_of(st.sampled_from(["Person", "Company", "Thing", "LegalEntity", "Sanction"]), value),
            "properties": st.one_of(st.dictionaries(st.one_of(props, odd), value, max_size=5), value),
        },
        optional={"id": value},
    ),
)


def is_an_error(answer) -> bool:
    return answer.status_code in (400, 404, 413, 422) and bool(answer.json()["detail"])


@QUICK
@given(queries=st.dictionaries(odd, query, max_size=4), extra=st.dictionaries(odd, value, max_size=1))
def test_match_answers_whatever_is_asked(bank, queries, extra):
    _fill(bank)
    answer = bank.post("/yente/match/default", json.dumps({**extra, "queries": queries}))
    if answer.status_code == 200:
        for one in answer.json()["responses"].values():
            assert one["status"] in (200, 400)
            assert one["status"] == 200 or one["detail"]
            assert isinstance(one["results"], list)
            one["query"]["properties"]
        answer.content.decode("utf-8")
    else:
        assert is_an_error(answer), answer.content


small = st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5))
anything = st.recursive(small, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))


@QUICK
@given(body=st.one_of(st.binary(max_size=60), anything.map(lambda given: json.dumps(given).encode())))
def test_match_answers_any_body(bank, body):
    _fill(bank)
    assert is_an_error(bank.post("/yente/match/default", body))


@QUICK
@given(
    q=odd,
    name=st.sampled_from(
        [
            "schema",
            "sort",
            "filter",
            "limit",
            "offset",
            "facets",
            "countries",
            "topics",
            "fuzzy",
            "changed_since",
            "include_dataset",
            "filter_op",
            "target",
        ]
    ),
    given_value=odd,
)
def test_search_answers_whatever_is_asked(bank, q, name, given_value):
    _fill(bank)
    address = f"/yente/search/default?q={_quoted(q)}&{name}={_quoted(given_value)}"
    answer = bank.get(address)
    assert is_an_error(answer) or isinstance(answer.json()["results"], list)


@QUICK
@given(key=odd, prop=odd)
def test_entities_and_statements_answer_whatever_is_asked(bank, key, prop):
    _fill(bank)
    for address in (
        f"/yente/entities/{_quoted(key)}",
        f"/yente/entities/{_quoted(key)}/adjacent/{_quoted(prop)}",
        f"/yente/entities/open-list:o-1/adjacent/{_quoted(prop)}",
        f"/yente/match/{_quoted(key)}",
        f"/yente/statements?entity_id={_quoted(key)}&prop={_quoted(prop)}",
        f"/yente/statements?canonical_id=open-list:o-1&value={_quoted(key)}&sort={_quoted(prop)}",
    ):
        answer = bank.get(address)
        assert answer.status_code in (200, 400, 404, 405, 422), (address, answer.content)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _fill(bank) -> None:
    from baham.platform.clients.models import Bucket

    Bucket.objects.update(tokens=600, at=0)
