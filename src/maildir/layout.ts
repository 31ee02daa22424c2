/** What lies where in a Maildir tree. */

/** The directories that make a directory a mailbox. */
export const SUBDIRECTORIES = ["cur", "new", "tmp"] as const;

/** The file in the root that shows that the disk is mounted. */
export const MARKER = ".offlineimap-maildir";
