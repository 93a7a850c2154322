/** Before a school's pages, and what they refuse. */
export const door = {
  "Too many attempts. Try again in {n} minutes.": "Zu viele Versuche. Versuchen Sie es in {n} Minuten noch einmal.",
  "The school is suspended: nothing happens in it until the platform lets it go on.":
    "Die Schule ist ausgesetzt: Es geschieht nichts darin, bis die Plattform sie weiterlaufen lässt.",
  "This form does not say which school it is for. Reload the page. Nothing was changed.":
    "Dieses Formular sagt nicht, für welche Schule es ist. Laden Sie die Seite neu. Es wurde nichts geändert.",
  "Use https: a session does not travel in clear.": "Verwenden Sie https: Eine Sitzung reist nicht unverschlüsselt.",
  "This comes from another site. Open the page here and try again.":
    "Das kommt von einer anderen Website. Öffnen Sie die Seite hier und versuchen Sie es noch einmal.",
  "Come in through Cloudflare Access.": "Kommen Sie über Cloudflare Access herein.",
  "Sign in first.": "Melden Sie sich zuerst an.",
  "This form is of {other}, the page is of {school}. Nothing was changed.":
    "Dieses Formular gehört zu {other}, die Seite zu {school}. Es wurde nichts geändert.",
  "another school": "einer anderen Schule",
  "There is no such school, or you have no access to it.":
    "Es gibt keine solche Schule, oder Sie gehören nicht zu ihr.",
  "Sign in to Schoolbell": "Anmeldung bei Schoolbell",
  "Open this link to sign in. It works once, within 15 minutes.":
    "Öffnen Sie diesen Link, um sich anzumelden. Er gilt 15 Minuten lang und einmal.",
  "If you did not ask for this, you can ignore it.": "Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun.",
  "Mail is not set up here (PLATFORM_EMAIL), so no link can be mailed. Local development: it is shown instead.":
    "E-Mail ist hier nicht eingerichtet (PLATFORM_EMAIL), darum kann kein Link verschickt werden. Lokale Entwicklung: Er wird stattdessen angezeigt.",
  "Mail is not set up here (PLATFORM_EMAIL), so no link can be mailed. Tell whoever runs this installation.":
    "E-Mail ist hier nicht eingerichtet (PLATFORM_EMAIL), darum kann kein Link verschickt werden. Sagen Sie es dem, der diese Installation betreibt.",
  "You run this installation?": "Sie betreiben diese Installation?",
  "View your mail": "Sehen Sie in Ihre E-Mails",
  "No mail was sent": "Es wurde keine E-Mail gesendet",
  "If {email} may sign in, a link is on its way there. It works once, within 15 minutes.":
    "Wenn {email} sich anmelden darf, ist ein Link dorthin unterwegs. Er gilt 15 Minuten lang und einmal.",
  "Nothing came? Check the spam folder, or {ask}. Only addresses that an owner has added as collaborators get a link.":
    "Nichts gekommen? Sehen Sie im Spam-Ordner nach, oder {ask}. Nur Adressen, die ein Inhaber unter die Mitarbeiter der Schule aufgenommen hat, bekommen einen.",
  "You are about to sign in as {email}.": "Sie melden sich gleich als {email} an.",
  "Choose a school": "Wählen Sie eine Schule",
  "No school yet": "Noch keine Schule",
  "No school lists {email} as owner, editor or viewer. Ask an owner to add you under Settings → Collaborators.":
    "Keine Schule führt {email} als Inhaber, Bearbeiter oder Betrachter. Bitten Sie einen Inhaber, Sie unter Einstellungen → Mitarbeiter hinzuzufügen.",
  "There is no such path.": "Einen solchen Pfad gibt es nicht.",
  "There is no such path. The page is out of date: reload it. Nothing was changed.":
    "Einen solchen Pfad gibt es nicht. Die Seite ist veraltet: Laden Sie sie neu. Es wurde nichts geändert.",
  "That is more than the page takes.": "Das ist mehr, als die Seite annimmt.",
  "There is no such page.": "Eine solche Seite gibt es nicht.",
  "There is no such file.": "Eine solche Datei gibt es nicht.",
  "There is no such thing.": "So etwas gibt es nicht.",
  "The form cannot be read.": "Das Formular lässt sich nicht lesen.",
};
