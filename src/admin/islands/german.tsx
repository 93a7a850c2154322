import { answersInBrowsers as answers } from "../../language/german/answers/browsers";
import { germanInBrowsers } from "../../language/german/browsers";
import { leaveLanguage } from "../../language/page";

/** What islands say to readers of German: a page in German loads it before them. */
leaveLanguage({ code: "de", locale: "de-DE", texts: germanInBrowsers, answers });
