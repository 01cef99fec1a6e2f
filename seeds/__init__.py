"""Three news articles from April 2019 about Kim Jong-un's trip to Russia.

They ship with the project so that it can be tried, tested and measured
without a download.  Each article retells a published news report: it keeps
the facts, figures, names, dates and attributions of the report, but uses
none of its sentences.  Where the reports disagree (as many as 30,000 North
Koreans working in Russia in one, roughly 10,000 in another), the articles
disagree as well.

Files:

* ``kim-russia-leverage.md``: after a report by Yi Whan-woo, The Korea Times
  (written between 19 and 21 April 2019).
* ``kim-arrives-vladivostok.md``: after a report by William Gallo, Voice of
  America (24 April 2019), carried by GlobalSecurity.org.
* ``putin-tug-of-war.md``: after an editorial of The Dong-A Ilbo (26 April
  2019).

Every ``.md`` file in this folder is an article and gets indexed.
"""

from pathlib import Path


def articles() -> Path:
    """The folder of the articles."""
    return Path(__file__).parent
