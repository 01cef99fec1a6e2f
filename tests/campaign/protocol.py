"""Faults of the commit protocol: what a record of an update would be if the store flushed too
little, or did things too early.

Each takes the steps as they should be and returns them as they should not. The simulation of power
loss must find a broken index for every one of them, or it would not find such a fault in the store.
"""

from typing import TypeGuard

from tests.campaign.recording import Flushed, Renamed, Step


def _files_not_flushed(steps: list[Step]) -> list[Step]:
    """the files of the generation are not flushed"""
    return [one for one in steps if not _of_generation(one)]


def _pointer_not_flushed(steps: list[Step]) -> list[Step]:
    """the pointer is not flushed before it is renamed"""
    return [one for one in steps if not (_flushed(one) and one.path.name.startswith("CURRENT"))]


def _folders_not_flushed(steps: list[Step]) -> list[Step]:
    """the folders of the generation are not flushed"""
    return [one for one in steps if not (_flushed(one) and one.folder and not _is_root(one))]


def _root_not_flushed(steps: list[Step]) -> list[Step]:
    """the folder that the generations lie in is not flushed"""
    return [one for one in steps if not (_flushed(one) and _is_root(one))]


def _flushed_too_late(steps: list[Step]) -> list[Step]:
    """the files of the generation are flushed only after the pointer was replaced"""
    at = _pointed(steps)
    late = [one for one in steps[:at] if _of_generation(one)]
    return [
        *(one for one in steps[:at] if not _of_generation(one)),
        steps[at],
        *late,
        *steps[at + 1 :],
    ]


def _renamed_too_early(steps: list[Step]) -> list[Step]:
    """the generation is renamed before its files are flushed, and the pointer replaced with it"""
    at, renamed = _pointed(steps), _generation_named(steps)
    first = next(place for place, one in enumerate(steps) if _of_generation(one))
    moved = [steps[renamed], steps[at]]
    rest = [one for one in steps[first:] if one not in moved]
    return [*steps[:first], *moved, *rest]


def _pointed_too_early(steps: list[Step]) -> list[Step]:
    """the pointer is replaced before the generation has its name"""
    renamed, at = _generation_named(steps), _pointed(steps)
    return [*steps[:renamed], *steps[renamed + 1 : at + 2], steps[renamed], *steps[at + 2 :]]


FAULTS = (
    _files_not_flushed,
    _pointer_not_flushed,
    _folders_not_flushed,
    _root_not_flushed,
    _flushed_too_late,
    _renamed_too_early,
    _pointed_too_early,
)


def _flushed(step: Step) -> TypeGuard[Flushed]:
    return isinstance(step, Flushed)


def _is_root(step: Flushed) -> bool:
    return step.folder and step.path.name == "index"


def _of_generation(step: Step) -> bool:
    """A flush of a file that is not the pointer."""
    return _flushed(step) and not step.folder and not step.path.name.startswith("CURRENT")


def _generation_named(steps: list[Step]) -> int:
    return _renaming_to(steps, "gen-")


def _pointed(steps: list[Step]) -> int:
    """The step that replaces CURRENT; a flush of the folder follows."""
    return _renaming_to(steps, "CURRENT")


def _renaming_to(steps: list[Step], name: str) -> int:
    return next(
        at
        for at, one in enumerate(steps)
        if isinstance(one, Renamed) and one.gone and one.come and one.come[0][0][1].startswith(name)
    )
