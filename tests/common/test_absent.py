"""Modules that are hidden for a while."""

import sys
from pathlib import Path

import pytest

from testsite_sim.common.absent import absent, defer


def test_a_module_is_not_imported_within_and_can_be_after() -> None:
    sys.modules.pop("this", None)
    with pytest.raises(ImportError), absent("this"):
        __import__("this")
    assert "this" not in sys.modules


def test_a_module_that_is_there_stays_there() -> None:
    with absent("json"):
        import json
    assert sys.modules["json"] is json


def test_a_deferred_module_is_imported_when_something_of_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "heavy_module.py").write_text("print('imported')\nVALUE = 3\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    defer("heavy_module")
    import heavy_module  # type: ignore[import-not-found]

    assert capsys.readouterr().out == ""
    assert heavy_module.VALUE == 3
    assert capsys.readouterr().out == "imported\n"
    del sys.modules["heavy_module"]


def test_a_module_of_a_package_is_deferred_where_the_package_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "light_package").mkdir()
    (tmp_path / "light_package" / "__init__.py").touch()
    (tmp_path / "light_package" / "heavy.py").write_text("print('imported')\nVALUE = 3\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    defer("light_package.heavy")
    import light_package.heavy  # type: ignore[import-not-found]

    assert capsys.readouterr().out == ""
    assert light_package.heavy.VALUE == 3
    assert capsys.readouterr().out == "imported\n"
    from light_package.heavy import VALUE

    assert VALUE == 3
    del sys.modules["light_package"], sys.modules["light_package.heavy"]


def test_a_module_of_a_deferred_package_is_imported_without_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "heavy_package").mkdir()
    (tmp_path / "heavy_package" / "__init__.py").write_text(
        "print('imported')\nfrom heavy_package import light\nfrom heavy_package.light import VALUE\n", encoding="utf-8"
    )
    (tmp_path / "heavy_package" / "light.py").write_text("VALUE = 3\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    defer("heavy_package")
    from heavy_package.light import VALUE as light  # type: ignore[import-not-found]

    assert (light, capsys.readouterr().out) == (3, "")
    from heavy_package import VALUE as whole  # type: ignore[import-not-found]

    assert (whole, capsys.readouterr().out) == (3, "imported\n")
    import heavy_package

    assert heavy_package.light.VALUE == 3
    del sys.modules["heavy_package"], sys.modules["heavy_package.light"]


def test_what_is_not_installed_or_imported_already_is_not_deferred() -> None:
    defer("no_such_module")
    assert "no_such_module" not in sys.modules
    before = sys.modules["sys"]
    defer("sys")
    assert sys.modules["sys"] is before
