// What the search of the site puts first: pages for those who use the program, before decisions and evidence.
// Sphinx takes this instead of its own `Scorer`; the other numbers are those of sphinx/themes/basic/static/searchtools.js.
var Scorer = {
  score: ([docname, title, anchor, descr, score]) => {
    if (/^(start|guide|python|explore|export)$/.test(docname) || docname.startsWith("tutorials/")) return score + 6;
    if (/^(decisions|validation)\//.test(docname) || /^(reliability|performance|publishing|architecture|security|dependencies)$/.test(docname)) return score - 6;
    return score;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
