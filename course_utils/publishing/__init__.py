"""From one lesson source to its notebooks: build, execute, check.

``notebooks/source/NN_name.md`` is the only file of a lesson that is edited by hand: a jupytext
Markdown notebook that holds both languages and one body of code. From it come

- ``notebooks/{en,zh}/NN_name.ipynb``, the student's notebook,
- ``notebooks/solutions/{en,zh}/NN_name.ipynb``, the worked exercises.

The conventions of a source, which ``python -m course_utils check`` holds it to:

Header
    YAML under ``jupyter:`` with ``jupytext``, ``kernelspec`` and
    ``course: {title: {en: ..., zh: ...}, reading_minutes: 30}``.
Prose
    ``<!-- #region lang="en" id="real-samples" -->`` … ``<!-- #endregion -->``; directly after it
    the same with ``lang="zh"``, the same id and the same tags. Both halves have the same headings,
    formulas, links, images, arXiv ids, lists and tables.
Code
    stands once: ```` ```python id="draw-samples" tags=["nbval-check-output"] ````. At most 15
    lines, or up to 25 with ``long="why it cannot be shorter"``.
Ids
    kebab-case, unique in the lesson; they become the ids of the notebooks' cells.
First code cell
    ``id="setup" tags=["setup"]``, with the line ``language.use("en")`` (``"zh"`` in the Chinese
    notebook).
Comments in code
    ``# en: Real samples. | zh: 真实样本。`` A comment without words, such as ``# [N, 2]``, may be
    plain.
Placeholders in prose
    ``{{cpu_seconds}}``, ``{{reading_minutes}}``, and as link targets ``{{lesson:01_x2_gan}}``
    (another lesson), ``{{other_language}}`` (this very cell in the other language),
    ``{{solutions}}`` (this lesson's solutions).
Tags
    ``setup`` (student's and solutions notebook), ``exercise`` (prose: the task, both; code: the
    starter, student only), ``solution`` (solutions only; after its starter, before its check),
    ``check`` (both), ``gpu``, ``nbval-check-output``, ``raises-exception``. No tag: student only.
Allowances
    ``<!-- allow: chinese -->`` inside a region permits what its rule would refuse there, and is not
    published: ``chinese`` (in an English region), ``little-chinese``, ``half-width``, ``glossary``,
    ``links``, ``maths-order`` (the same formulas in the order that the other language needs).
"""
