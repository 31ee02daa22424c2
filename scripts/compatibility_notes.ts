/** What OfflineIMAP 8 does with each option and flag, and where this differs. */

/** A row of the table, in words. */
export interface Note {
  /** What OfflineIMAP does. */
  readonly theirs: string;
  /** What is done here, where that is not the same. */
  readonly ours?: string;
}

/** By `section.option`; an option that OfflineIMAP does not have needs none. */
export const OPTION_NOTES: Readonly<Record<string, Note>> = {
  "general.accounts": {
    theirs:
      "Accounts to synchronise, in this order; required even with -a; one that does not exist ends the run",
    ours:
      "The same; with -a it may be left out, and the accounts that exist are synchronised",
  },
  "general.metadata": {
    theirs: "Folder for status and locks, made with mode 0700",
  },
  "general.maxsyncaccounts": {
    theirs: "Accounts synchronised at once",
  },
  "general.ui": {
    theirs: "One user interface; a list of them, as in old files, is an error",
    ours: "The same; of a list the first one that exists, with a warning",
  },
  "general.pythonfile": {
    theirs: "Python source whose names all expressions see",
    ours:
      "The same, in a Python process of its own that is started only when an expression needs it",
  },
  "general.ignore-readonly": {
    theirs: "Says nothing of folders that are read-only",
    ours: "Says nothing of changes that a read-only repository cannot take",
  },
  "general.socktimeout": {
    theirs: "Time limit of sockets in seconds; 0, the default: none",
    ours: "The same; without it there are limits all the same",
  },
  "general.fsync": {
    theirs: "Files are brought to the disk before they count",
    ours: "The same, and so are the folders that hold them",
  },
  "general.filename_use_mail_timestamp": {
    theirs: "The default for repositories",
  },
  "general.utime_from_header": {
    theirs: "The default for repositories",
  },
  "general.dry-run": {
    theirs: "Changes no message, flag or folder",
  },
  "general.ignore-keyring": {
    theirs: "Asks no keyring",
  },
  "general.update-keyring": {
    theirs: "Stores the password of a run before it is known to work",
    ours: "Stores a password that has worked",
  },
  "account.localrepository": {
    theirs: "The section of the local repository",
  },
  "account.remoterepository": {
    theirs: "The section of the remote repository",
  },
  "account.autorefresh": {
    theirs: "Minutes between runs; after three failures in a row it ends",
    ours: "The same; after failures it waits longer and goes on",
  },
  "account.quick": {
    theirs:
      "Between full runs this many quick ones, which look at numbers of messages only",
    ours: "The same; with CONDSTORE nothing is missed by it",
  },
  "account.presynchook": {
    theirs: "A command for the shell before a run, without a time limit",
    ours: "The same, with a time limit",
  },
  "account.postsynchook": {
    theirs: "A command for the shell after a run, without a time limit",
    ours: "The same, with a time limit",
  },
  "account.maxage": {
    theirs: "Days or a day; what is older does not exist",
    ours:
      "The same for copying, also by the UID of the first message since then, so that an old one that is moved into the folder today comes; flags of older messages that both sides have stay in step, and an older message is never deleted because the other side has lost it",
  },
  "account.maxsize": {
    theirs:
      "Bytes, measured otherwise on each side; a message that only one side hides is deleted on the other",
    ours: "Bytes on the server, about copying only: nothing is deleted for it",
  },
  "account.maildir-windows-compatible": {
    theirs:
      "`!` instead of `:` in file names; files with the other one lose their flags",
    ours: "The same; both are read",
  },
  "account.utf8foldernames": {
    theirs: "Folders are called in UTF-8 instead of IMAP's own encoding",
    ours: "The same, also where both sides are servers",
  },
  "account.proxy": {
    theirs: "SOCKS or HTTP; used only if `ipv6` is set",
    ours: "Everything goes through it, names too",
  },
  "account.authproxy": {
    theirs: "A proxy for the requests of OAuth2 tokens",
  },
  "account.synclabels": {
    theirs:
      "Labels of Gmail are synchronised with a header; where both sides changed labels of a message Gmail's win",
    ours:
      "The same; where both sides changed labels each follows the side that changed it",
  },
  "account.labelsheader": {
    theirs:
      "The header that holds labels; uploads carry it; long lines are folded or encoded, labels beyond ASCII and with separators break",
    ours: "The same header on one line, in UTF-8; uploads go without it",
  },
  "account.ignorelabels": {
    theirs: "Labels that are left alone",
  },
  "account.filterheaders": {
    theirs:
      "Headers removed from messages before they are uploaded, between two servers in both directions",
  },
  "account.status_backend": {
    theirs: "Any value stops the account",
  },
  "account.skipsleep": {
    theirs: "Set by itself on SIGUSR1",
  },
  "repository.type": {
    theirs: "IMAP, Gmail, Maildir, GmailMaildir",
  },
  "repository.nametrans": {
    theirs:
      "Python: names of folders on the other side; names that meet or have no inverse mix folders",
    ours: "The same; such names are refused, with the line to change",
  },
  "repository.folderfilter": {
    theirs: "Python: which folders are synchronised",
  },
  "repository.folderincludes": {
    theirs:
      "Names beyond the filter; one that is listed too is synchronised twice",
    ours: "The same, each once, in either spelling",
  },
  "repository.dynamic_folderfilter": {
    theirs: "The filter is asked each time",
  },
  "repository.createfolders": {
    theirs:
      "Whether folders may be made here; one that is missing then ends the account",
    ours: "The same; one that is missing stops only itself",
  },
  "repository.readonly": {
    theirs: "Nothing is changed here; what cannot be carried over is forgotten",
    ours:
      "Nothing is changed here; what cannot be carried over is told, and `--restore` undoes it",
  },
  "repository.sync_deletes": {
    theirs: "No: deletions made here are not carried over",
  },
  "repository.startdate": {
    theirs:
      "A day; the first UID since then is kept and everything from there on synchronised",
    ours:
      "A day, by the date of each message and the first UID since then on the server (StartUID is read and written); an older message is never deleted because the other side has lost it",
  },
  "repository.localfolders": {
    theirs: "The Maildir, made with mode 0700",
  },
  "repository.sep": {
    theirs: "Between the levels of a folder's name; `/`: folders in folders",
  },
  "repository.restoreatime": {
    theirs: "Times of access of `new` and `cur` are put back",
  },
  "repository.filename_use_mail_timestamp": {
    theirs: "File names begin with the date of the message",
  },
  "repository.utime_from_header": {
    theirs: "Files have the date of the message",
  },
  "repository.customflag_a": {
    theirs: "A keyword for a letter in file names, from the server only",
    ours: "The same, both ways",
  },
  "repository.remotehosteval": {
    theirs: "Python: the host",
  },
  "repository.remotehost": {
    theirs: "The host",
  },
  "repository.remoteporteval": {
    theirs: "Python: the port",
  },
  "repository.remoteport": {
    theirs: "The port",
  },
  "repository.ssl": {
    theirs: "TLS from the first byte; without CA file or fingerprint refused",
    ours: "The same; the system's certificates are the default",
  },
  "repository.starttls": {
    theirs:
      "STARTTLS if offered, without any check; skipped silently otherwise",
    ours:
      "STARTTLS, checked as TLS is; without it no password is sent to another machine",
  },
  "repository.sslcacertfile": {
    theirs:
      "CA file; `OS-DEFAULT` for the system's; needed unless there is a " +
      "fingerprint",
    ours: "The same; without it the system's, and for a mail bridge on this " +
      "machine the certificate of its first use",
  },
  "repository.cert_fingerprint": {
    theirs: "Fingerprints of which one must be the certificate's",
  },
  "repository.sslclientcert": {
    theirs: "A certificate to show to the server",
  },
  "repository.sslclientkey": {
    theirs: "Its key",
  },
  "repository.tls_level": {
    theirs:
      "Which versions of TLS `ssl_version` may ask for, and that it is set",
    ours: "Nothing below TLS 1.2 is spoken, so there is nothing left to forbid",
  },
  "repository.ssl_version": {
    theirs: "Exactly one version of TLS or SSL",
    ours: "The same for versions that are not broken",
  },
  "repository.ipv6": {
    theirs: "Only IPv6, or only IPv4",
  },
  "repository.preauthtunnel": {
    theirs: "A command that talks IMAP, logged in already",
  },
  "repository.transporttunnel": {
    theirs:
      "A command that leads to the server; fails with ssl = no if that offers STARTTLS",
    ours: "The same; STARTTLS in it works, and is checked",
  },
  "repository.usecompression": {
    theirs: "COMPRESS, without a look whether the server has it",
    ours: "COMPRESS if the server has it and is not as near as this machine",
  },
  "repository.maxconnections": {
    theirs: "Connections at once; two defaults, 1 and 2",
    ours: "Connections at once, 2 by default",
  },
  "repository.holdconnectionopen": {
    theirs: "Keeps connections between runs",
  },
  "repository.keepalive": {
    theirs: "Seconds between NOOPs in the pause",
  },
  "repository.idlefolders": {
    theirs:
      "Folders watched by IDLE in the pause, without the lock, as far as connections happen to be open",
    ours:
      "Folders watched on connections of their own that come back after a loss; every sync holds the lock",
  },
  "repository.retrycount": {
    theirs: "Attempts to fetch one message; 0 crashes",
    ours: "Attempts of a sync whose connections break, without any progress",
  },
  "repository.remoteusereval": {
    theirs: "Python: the user name",
  },
  "repository.remoteuser": {
    theirs: "The user name; else that of `~/.netrc`",
  },
  "repository.remotepasseval": {
    theirs: "Python: the password",
  },
  "repository.remotepass": {
    theirs: "The password",
  },
  "repository.remotepassfile": {
    theirs: "A file whose first line is the password",
  },
  "repository.remote_identity": {
    theirs: "The identity to act as; crashes",
    ours: "The identity to act as, with PLAIN",
  },
  "repository.auth_mechanisms": {
    theirs:
      "Ways to log in, in order; after a refused password weaker ones are tried",
    ours: "Ways to log in, in order; a refused password ends it",
  },
  "repository.oauth2_access_token": {
    theirs: "A token for XOAUTH2",
  },
  "repository.oauth2_access_token_eval": {
    theirs: "Python: the same, once per process",
    ours: "Python: the same, at each login",
  },
  "repository.oauth2_client_id": {
    theirs: "Client id for new tokens",
  },
  "repository.oauth2_client_id_eval": {
    theirs: "Python: the same, once per process",
    ours: "Python: the same, at each login",
  },
  "repository.oauth2_client_secret": {
    theirs: "Client secret; a missing one is sent as `None`",
    ours: "Client secret; a missing one is left out",
  },
  "repository.oauth2_client_secret_eval": {
    theirs: "Python: the same, once per process",
    ours: "Python: the same, at each login",
  },
  "repository.oauth2_refresh_token": {
    theirs: "The token that new ones are made with",
  },
  "repository.oauth2_refresh_token_eval": {
    theirs: "Python: the same, once per process",
    ours: "Python: the same, at each login",
  },
  "repository.oauth2_request_url": {
    theirs: "Where tokens are made",
  },
  "repository.foldersort": {
    theirs: "Python: the order of folders",
  },
  "repository.reference": {
    theirs: "The first argument of LIST, unquoted",
    ours: "The first argument of LIST, quoted",
  },
  "repository.subscribedonly": {
    theirs: "Only subscribed folders",
  },
  "repository.decodefoldernames": {
    theirs: "Names decoded from IMAP's encoding; crashes",
    ours: "Names decoded from IMAP's encoding",
  },
  "repository.expunge": {
    theirs: "No: deleted messages are only marked, and come back",
    ours: "No: deleted messages are only marked, and stay away",
  },
  "repository.singlethreadperfolder": {
    theirs: "One message at a time",
  },
  "repository.copy_ignore_eval": {
    theirs:
      "Python: UIDs that are never copied; on a local server the numbers are compared with those of the remote one, so that it has no effect on mail that is new there",
    ours:
      "The same; on a local server the UIDs are its own, and what they name is not copied to the remote one",
  },
  "repository.newmail_hook": {
    theirs:
      "Python: called when unread mail was copied from the INBOX of this repository, also of a local server",
  },
  "repository.trashfolder": {
    theirs: "Read and not used",
    ours: "Where deleted messages go with `realdelete`",
  },
  "repository.spamfolder": {
    theirs: "Read and not used",
    ours: "What is deleted there is gone, also with `realdelete`",
  },
  "repository.realdelete": {
    theirs: "Not looked at any more",
    ours: "Messages that no other folder shows go to the trash",
  },
  "mbnames.enabled": {
    theirs:
      "Whether the list is written; an incomplete section ends the run even so",
    ours: "Whether the list is written; an incomplete section stops nothing",
  },
  "mbnames.filename": {
    theirs: "The list's file, overwritten in place",
    ours: "The list's file, replaced whole",
  },
  "mbnames.header": {
    theirs: "Python: the text before the list",
  },
  "mbnames.peritem": {
    theirs: "The text of each folder, with `%(accountname)s` and the like",
  },
  "mbnames.sep": {
    theirs: "Python: the text between folders",
  },
  "mbnames.footer": {
    theirs: "Python: the text after the list",
  },
  "mbnames.incremental": {
    theirs: "Written after each account, not at the end only",
  },
  "mbnames.folderfilter": {
    theirs: "Python: which folders are listed",
  },
  "mbnames.sort_keyfunc": {
    theirs: "Python: the order",
  },
};

/** By the flag, in its long form if it has one. */
export const FLAG_NOTES: Readonly<Record<string, Note>> = {
  "-a": {
    theirs: "These accounts; an unknown one ends the run",
    ours: "The same; those that exist are synchronised, exit status 1",
  },
  "-f": {
    theirs: "These folders, in all accounts; no commas in names",
    ours: "The same; `ACCOUNT:FOLDER`, and a backslash before commas",
  },
  "-o": {
    theirs: "Once, whatever autorefresh says",
  },
  "-q": {
    theirs: "Quick runs",
  },
  "-1": {
    theirs: "One thing after the other",
  },
  "--dry-run": {
    theirs: "Changes no mail; writes metadata all the same",
    ours: "Changes and writes nothing",
  },
  "--info": {
    theirs:
      "Shows servers and folders; ends in a traceback when a server cannot be reached",
    ours:
      "Shows servers and folders; an error is told and the next account shown",
  },
  "--delete-folder": {
    theirs: "Deletes a folder on the server; exit status 0 whatever happens",
    ours: "Deletes a folder on the server; exit status 1 if it could not",
  },
  "-c": {
    theirs: "The configuration file",
  },
  "-k": {
    theirs: "Sets an option; sections with `_` cannot be reached",
    ours: "The same; the literal name is tried first",
  },
  "-u": {
    theirs: "The user interface",
  },
  "-l": {
    theirs: "Appends a log to a file",
    ours: "The same, with mode 0600",
  },
  "-d": {
    theirs: "Tells every step; passwords among them",
    ours: "Tells every step, never passwords",
  },
  "--help": {
    theirs: "Shows the flags",
  },
  "--version": {
    theirs: "Shows the version",
  },
  "-V": {
    theirs: "Shows versions",
  },
  "--ignore-keyring": {
    theirs: "Asks no keyring (8.0.1)",
  },
  "--update-keyring": {
    theirs: "Stores passwords in the keyring, working or not (8.0.1)",
    ours: "Stores passwords that have worked",
  },
  "-s": {
    theirs: "Logs to syslog, too",
  },
  "--migrate-fmd5-using-nametrans": {
    theirs: "Rewrites the marks of file names; crashes",
    ours: "Rewrites the marks of file names",
  },
  "--mbnames-prune": {
    theirs:
      "Removes lists of accounts that are gone, by comparing parts of their names",
    ours: "The same, by whole names",
  },
  "-P": {
    theirs: "Writes profiles",
    ours: "Ignored",
  },
};
