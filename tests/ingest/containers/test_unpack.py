"""Containers as they are taken in: members in the raw store, with the origin of what they were in."""

from __future__ import annotations

import pytest

from pipelines.ingest.containers.member import ContainerLimits
from pipelines.ingest.containers.unpack import Container, unpacked
from pipelines.ingest.landing import Origin, Stored, land, move_to_raw, raw_path, stored_in_raw, waiting
from pipelines.paths import Layout
from tests.ingest.containers.test_archive import zipped

GIVEN = Origin("tập tin.zip", "https://xa.example/a.zip", "2023-07-07", "camau_gov", "2023-07-08T00:00:00+00:00")
CONTENT = {"a.txt": b"80%", "b/c.txt": b"90%", "../d.txt": b"70%", "trong.zip": zipped({"e.txt": b"60%", "a.txt": b"80%"})}


def taken(
    layout: Layout, content: bytes, origin: Origin = GIVEN, limits: ContainerLimits | None = None
) -> list[Stored | Container]:
    path = layout.folder / "a.zip"
    path.write_bytes(content)
    land(layout, path, origin)
    stored = [item for landed in waiting(layout) if (item := move_to_raw(layout, landed))]
    return list(unpacked(layout, stored, limits=limits))


def test_members_are_stored_with_the_origin_of_their_container(layout: Layout) -> None:
    inner, outer = taken(layout, zipped(CONTENT))
    assert isinstance(inner, Container)
    assert isinstance(outer, Container)
    assert [document.origin.name for document in outer.documents] == ["tập tin.zip!a.txt", "tập tin.zip!b/c.txt"]
    assert [document.origin.name for document in inner.documents] == [
        "tập tin.zip!trong.zip!e.txt",
        "tập tin.zip!trong.zip!a.txt",
    ]
    assert (outer.members, inner.members) == (3, 2)
    assert [(name, rejection.reason.value) for name, rejection in outer.refused] == [("tập tin.zip!../d.txt", "unsafe_name")]
    for container in (outer, inner):
        for document in container.documents:
            origin = document.origin
            assert (origin.url, origin.published, origin.source) == (GIVEN.url, GIVEN.published, GIVEN.source)
            assert (origin.container, origin.retrieved_at) == (container.stored.sha256, GIVEN.retrieved_at)
    assert raw_path(layout, str(outer.documents[1].sha256)).read_bytes() == b"90%"


def test_the_raw_store_alone_gives_the_same_documents_and_containers(layout: Layout) -> None:
    first = taken(layout, zipped(CONTENT))
    again = list(unpacked(layout, stored_in_raw(layout), again=True))

    def documents(items: list[Stored | Container]) -> set[str | None]:
        return {stored.sha256 for item in items for stored in (item.documents if isinstance(item, Container) else (item,))}

    def containers(items: list[Stored | Container]) -> list[tuple[object, ...]]:
        return [(c.stored.sha256, c.stored.origin.name, c.members, c.refused[:0]) for c in items if isinstance(c, Container)]

    assert documents(again) == documents(first)
    assert containers(again) == containers(first)

    raw_path(layout, "".join(d for d in documents(first) if d)[:64]).unlink()  # as after a kill in the middle
    assert documents(list(unpacked(layout, stored_in_raw(layout), again=True))) == documents(first)


def test_containers_deeper_than_the_limit_are_refused_and_stay_refused(layout: Layout) -> None:
    content = zipped({"day.txt": b"80%"})
    for number in range(3):
        content = zipped({f"{number}.zip": content})
    for items in (taken(layout, content), list(unpacked(layout, stored_in_raw(layout), again=True))):
        refused = [(name, rejection.reason.value) for c in items if isinstance(c, Container) for name, rejection in c.refused]
        assert refused == [("tập tin.zip!2.zip!1.zip!0.zip", "too_complex")]
        assert not any(item.documents if isinstance(item, Container) else True for item in items)


def test_a_bomb_of_many_containers_ends_at_the_limits_of_all_together(layout: Layout) -> None:
    content = zipped({f"{number}.txt": bytes([number]) * 100 for number in range(50)})
    items = taken(layout, zipped({"1.zip": content, "2.zip": content + b" "}), limits=ContainerLimits(members=60))
    refused = [(name, rejection.reason.value) for c in items if isinstance(c, Container) for name, rejection in c.refused]
    assert refused == [("tập tin.zip!2.zip!…", "too_complex")]


@pytest.mark.parametrize(
    ("content", "reason"), [(zipped({}), "empty"), (zipped({"a.txt": b"1"})[:40], "damaged")], ids=["empty", "cut"]
)
def test_a_container_without_members_says_so(layout: Layout, content: bytes, reason: str) -> None:
    [container] = taken(layout, content)
    assert isinstance(container, Container)
    assert [(name, rejection.reason.value) for name, rejection in container.refused] == [("tập tin.zip", reason)]


def test_what_is_said_later_of_a_container_is_said_of_its_members(layout: Layout) -> None:
    taken(layout, zipped({"a.txt": b"80%"}), Origin("a.zip"))
    for path in layout.landing.iterdir():
        path.unlink()
    [container] = taken(layout, zipped({"a.txt": b"80%"}), Origin("a.zip", published="2023-07-09"))
    assert isinstance(container, Container)
    [member] = container.documents
    assert (member.origin.published, member.origin.document_id) == ("2023-07-09", member.sha256)
    assert {s.origin.published for s in stored_in_raw(layout)} == {"2023-07-09"}
