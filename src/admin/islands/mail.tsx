import { speakAsPage } from "../../language/page";

speakAsPage();

/** The simple editor of a mail: loaded by the editor's page when a mail is opened (`editor/fields/mail/mail-field.tsx`). */
export { mountMail } from "../editor/mail/mount";
