"""Lesson 07 as a learner uses it."""

from __future__ import annotations

import pytest

from course_utils.language import text

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", ["zh"], indirect=True)
def test_the_explorer(code, open_notebook):
    """The memoriser of the guided protocol; the explorer has a test of its own."""
    notebook = open_notebook(f"notebooks/{code}/07_evaluation.ipynb")
    notebook.run("setup")
    cell = notebook.run("explorer")
    status = cell.locator("[role=status]")
    status.filter(has_text=text(en="500 points: no fault", zh="500 个点：无缺陷")).wait_for()
    cell.get_by_role("button", name=text(en="Memoriser", zh="照抄训练数据")).click()
    told = text(en="share of training samples 1", zh="训练样本所占比例 1")
    status.filter(has_text=told).wait_for()

    def verdict(name):
        return cell.locator("tr").filter(has_text=name).locator("td").nth(1).inner_text()

    assert text(en="does not notice", zh="没看出来") in verdict(text(en="recall", zh="召回率"))
    assert text(en="✗ notices", zh="✗ 看出来了") in verdict("C_T")
