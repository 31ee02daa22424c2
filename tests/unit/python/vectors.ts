/** The expressions of real configurations and what CPython makes of them. */

/** What one call, or the value itself, must give; values as `repr` shows them. */
export type VectorCase =
  | { readonly args: readonly unknown[]; readonly gives: string }
  | { readonly value: string }
  | { readonly sorted: string };

/** One expression with its cases. */
export interface Vector {
  readonly number: number;
  readonly option: string;
  readonly text: string;
  readonly cases: readonly VectorCase[];
}

/** Names that a foldersort is tried on. */
export const UNSORTED = [
  "Sent",
  "inbox",
  "INBOX",
  "Archive",
  "archive/2",
  "Drafts",
];

/** All vectors, numbered from 1. */
export const VECTORS: readonly Vector[] = [
  {
    number: 1,
    option: "nametrans",
    text: "lambda n: re.sub(r'^INBOX[./]', '', n)",
    cases: [
      { "args": ["INBOX"], "gives": "'INBOX'" },
      { "args": ["INBOX.Sent"], "gives": "'Sent'" },
      { "args": ["INBOX/a/b"], "gives": "'a/b'" },
      { "args": ["INBOXES"], "gives": "'INBOXES'" },
    ],
  },
  {
    number: 2,
    option: "nametrans",
    text: "lambda n: re.sub('^Mail\\.', '', n)",
    cases: [{ "args": ["Mail.x"], "gives": "'x'" }, {
      "args": ["Mailbox"],
      "gives": "'Mailbox'",
    }, { "args": ["Mail"], "gives": "'Mail'" }],
  },
  {
    number: 3,
    option: "nametrans",
    text: "lambda n: re.sub(r'^INBOX(\\.|$)', '.', n)",
    cases: [{ "args": ["INBOX"], "gives": "'.'" }, {
      "args": ["INBOX.Sent"],
      "gives": "'.Sent'",
    }, { "args": ["Old"], "gives": "'Old'" }],
  },
  {
    number: 4,
    option: "nametrans",
    text: "lambda n: 'INBOX.' + n if n != 'INBOX' else n",
    cases: [{ "args": ["INBOX"], "gives": "'INBOX'" }, {
      "args": ["Sent"],
      "gives": "'INBOX.Sent'",
    }, { "args": ["a.b"], "gives": "'INBOX.a.b'" }],
  },
  {
    number: 5,
    option: "nametrans",
    text: "lambda n: 'INBOX' if n == '' else 'INBOX/%s' % n",
    cases: [{ "args": [""], "gives": "'INBOX'" }, {
      "args": ["Sent"],
      "gives": "'INBOX/Sent'",
    }],
  },
  {
    number: 6,
    option: "nametrans",
    text:
      "lambda n: {'[Gmail]/Sent Mail': 'Sent', '[Gmail]/Bin': 'Trash', '[Gmail]/All Mail': 'Archive'}.get(n, n)",
    cases: [
      { "args": ["[Gmail]/Sent Mail"], "gives": "'Sent'" },
      { "args": ["[Gmail]/Bin"], "gives": "'Trash'" },
      { "args": ["[gmail]/bin"], "gives": "'[gmail]/bin'" },
      { "args": ["INBOX"], "gives": "'INBOX'" },
    ],
  },
  {
    number: 7,
    option: "nametrans",
    text:
      "lambda n: {'Sent': '[Gmail]/Sent Mail'}[n] if n in {'Sent': 0} else n",
    cases: [{ "args": ["Sent"], "gives": "'[Gmail]/Sent Mail'" }, {
      "args": ["Trash"],
      "gives": "'Trash'",
    }],
  },
  {
    number: 8,
    option: "nametrans",
    text:
      "lambda n: re.sub(r'^\\[G(oogle )?[Mm]ail\\]/', '', n).lower().replace(' ', '_')",
    cases: [{ "args": ["[Google Mail]/All Mail"], "gives": "'all_mail'" }, {
      "args": ["[Gmail]/Sent Mail"],
      "gives": "'sent_mail'",
    }, { "args": ["Label/Sub One"], "gives": "'label/sub_one'" }],
  },
  {
    number: 9,
    option: "nametrans",
    text: "lambda n: n.replace('[Google Mail]', '[Gmail]')",
    cases: [{ "args": ["[Google Mail]/Spam"], "gives": "'[Gmail]/Spam'" }, {
      "args": ["INBOX"],
      "gives": "'INBOX'",
    }],
  },
  {
    number: 10,
    option: "nametrans",
    text: "lambda n: n if n in ('INBOX', 'Outbox') else re.sub('^', 'ext.', n)",
    cases: [{ "args": ["INBOX"], "gives": "'INBOX'" }, {
      "args": ["Trash"],
      "gives": "'ext.Trash'",
    }, { "args": [""], "gives": "'ext.'" }],
  },
  {
    number: 11,
    option: "nametrans",
    text: "lambda n: '.' + n.replace('/', '.') if n != 'INBOX' else '.'",
    cases: [{ "args": ["INBOX"], "gives": "'.'" }, {
      "args": ["Work/2024"],
      "gives": "'.Work.2024'",
    }],
  },
  {
    number: 12,
    option: "nametrans",
    text: "lambda n: re.sub(r'^(\\w+)/(\\w+)$', r'\\2.\\1', n)",
    cases: [{ "args": ["Work/Mail"], "gives": "'Mail.Work'" }, {
      "args": ["a/b/c"],
      "gives": "'a/b/c'",
    }],
  },
  {
    number: 13,
    option: "nametrans",
    text:
      "lambda n: re.sub(r'(?P<top>[^/]+)/(?P<sub>.+)', r'\\g<top>-\\g<sub>', n)",
    cases: [{ "args": ["a/b/c"], "gives": "'a-b/c'" }, {
      "args": ["plain"],
      "gives": "'plain'",
    }],
  },
  {
    number: 14,
    option: "nametrans",
    text: "lambda n: re.sub('(?i)^inbox', 'Inbox', n)",
    cases: [{ "args": ["INBOX"], "gives": "'Inbox'" }, {
      "args": ["inbox.Sent"],
      "gives": "'Inbox.Sent'",
    }, { "args": ["MyInbox"], "gives": "'MyInbox'" }],
  },
  {
    number: 15,
    option: "nametrans",
    text: "lambda n: re.sub('inbox', 'In', n, flags=re.IGNORECASE)",
    cases: [{ "args": ["INBOX/inbox"], "gives": "'In/In'" }, {
      "args": ["Sent"],
      "gives": "'Sent'",
    }],
  },
  {
    number: 16,
    option: "nametrans",
    text: "lambda n: re.sub('a', 'b', n, 1)",
    cases: [{ "args": ["aaa"], "gives": "'baa'" }, {
      "args": ["xyz"],
      "gives": "'xyz'",
    }],
  },
  {
    number: 17,
    option: "nametrans",
    text: "lambda n: re.sub(r'[^\\w/]+', lambda m: '_' * len(m.group(0)), n)",
    cases: [{ "args": ["A & B/C d"], "gives": "'A___B/C_d'" }, {
      "args": ["ok"],
      "gives": "'ok'",
    }],
  },
  {
    number: 18,
    option: "nametrans",
    text: "lambda n: n[len('INBOX/'):] if n.startswith('INBOX/') else n",
    cases: [{ "args": ["INBOX/x"], "gives": "'x'" }, {
      "args": ["INBOX"],
      "gives": "'INBOX'",
    }, { "args": ["INBOX/"], "gives": "''" }],
  },
  {
    number: 19,
    option: "nametrans",
    text: "lambda n: n.removeprefix('INBOX.').removesuffix('~')",
    cases: [{ "args": ["INBOX.a~"], "gives": "'a'" }, {
      "args": ["b"],
      "gives": "'b'",
    }],
  },
  {
    number: 20,
    option: "nametrans",
    text: "lambda n: '/'.join(reversed(n.split('.')))",
    cases: [{ "args": ["a.b.c"], "gives": "'c/b/a'" }, {
      "args": ["x"],
      "gives": "'x'",
    }],
  },
  {
    number: 21,
    option: "nametrans",
    text: "lambda n: n.rsplit('/', 1)[-1]",
    cases: [{ "args": ["a/b/c"], "gives": "'c'" }, {
      "args": ["x"],
      "gives": "'x'",
    }, { "args": ["a/"], "gives": "''" }],
  },
  {
    number: 22,
    option: "nametrans",
    text: "lambda n: n.partition('/')[2] or n",
    cases: [{ "args": ["a/b/c"], "gives": "'b/c'" }, {
      "args": ["x"],
      "gives": "'x'",
    }, { "args": ["a/"], "gives": "'a/'" }],
  },
  {
    number: 23,
    option: "nametrans",
    text: "lambda n: '%s/%s' % ('acct', n)",
    cases: [{ "args": ["INBOX"], "gives": "'acct/INBOX'" }, {
      "args": ["a b"],
      "gives": "'acct/a b'",
    }],
  },
  {
    number: 24,
    option: "nametrans",
    text: "lambda n: 'acct-{0}.{1:>4}'.format(n, len(n))",
    cases: [{ "args": ["INBOX"], "gives": "'acct-INBOX.   5'" }, {
      "args": ["ab"],
      "gives": "'acct-ab.   2'",
    }],
  },
  {
    number: 25,
    option: "nametrans",
    text: "lambda n: f'acct/{n.title()}'",
    cases: [{ "args": ["inbox"], "gives": "'acct/Inbox'" }, {
      "args": ["all mail"],
      "gives": "'acct/All Mail'",
    }],
  },
  {
    number: 26,
    option: "nametrans",
    text: "lambda n: n.strip('[]').lstrip('Gmail]/')",
    cases: [{ "args": ["[Gmail]/Sent"], "gives": "'Sent'" }, {
      "args": ["[Gmail]/inbox"],
      "gives": "'nbox'",
    }],
  },
  {
    number: 27,
    option: "nametrans",
    text: "lambda n: (n.startswith('lists.') and n[6:]) or n",
    cases: [{ "args": ["lists.debian"], "gives": "'debian'" }, {
      "args": ["INBOX"],
      "gives": "'INBOX'",
    }, { "args": ["lists."], "gives": "'lists.'" }],
  },
  {
    number: 28,
    option: "nametrans",
    text: "lambda n, m={'A': 'B'}: m.get(n, n)",
    cases: [{ "args": ["A"], "gives": "'B'" }, {
      "args": ["C"],
      "gives": "'C'",
    }],
  },
  {
    number: 29,
    option: "nametrans",
    text: "lambda n: re.compile('^Mail/').sub('', n)",
    cases: [{ "args": ["Mail/x"], "gives": "'x'" }, {
      "args": ["x/Mail/"],
      "gives": "'x/Mail/'",
    }],
  },
  {
    number: 30,
    option: "nametrans",
    text:
      "(lambda table: lambda n: next((b for a, b in table if n == a), n))([('Sent Items', 'Sent'), ('Deleted Items', 'Trash')])",
    cases: [{ "args": ["Sent Items"], "gives": "'Sent'" }, {
      "args": ["Foo"],
      "gives": "'Foo'",
    }],
  },
  {
    number: 31,
    option: "nametrans",
    text: "lambda n: n.replace('&', '+').encode('ascii').decode('utf-7')",
    cases: [{ "args": ["G&AOQ-ste"], "gives": "'Gäste'" }, {
      "args": ["INBOX"],
      "gives": "'INBOX'",
    }, { "args": ["A&-B"], "gives": "'A+B'" }],
  },
  {
    number: 32,
    option: "nametrans",
    text: "lambda n: n.encode('ascii').decode('imap4-utf-7')",
    cases: [{ "args": ["Entw&APw-rfe"], "gives": "'Entwürfe'" }, {
      "args": ["A&-B"],
      "gives": "'A&B'",
    }],
  },
  {
    number: 33,
    option: "nametrans",
    text: "lambda n: re.sub('/', '.', re.sub('^INBOX/?', '', n)) or 'INBOX'",
    cases: [{ "args": ["INBOX"], "gives": "'INBOX'" }, {
      "args": ["INBOX/a/b"],
      "gives": "'a.b'",
    }, { "args": ["x/y"], "gives": "'x.y'" }],
  },
  {
    number: 34,
    option: "nametrans",
    text: "lambda n: n.translate({ord(':'): '-', ord('?'): None})",
    cases: [{ "args": ["Re: what?"], "gives": "'Re- what'" }, {
      "args": ["ok"],
      "gives": "'ok'",
    }],
  },
  {
    number: 35,
    option: "nametrans",
    text:
      "lambda n: 'Sent' if n == 'Sent Items' else 'Trash' if n == 'Deleted Items' else n",
    cases: [{ "args": ["Sent Items"], "gives": "'Sent'" }, {
      "args": ["Deleted Items"],
      "gives": "'Trash'",
    }, { "args": ["x"], "gives": "'x'" }],
  },
  {
    number: 36,
    option: "nametrans",
    text:
      "lambda n: ''.join(c if c.isalnum() or c in './' else '_' for c in n)",
    cases: [{ "args": ["A b/c-d"], "gives": "'A_b/c_d'" }, {
      "args": ["ä.x"],
      "gives": "'ä.x'",
    }],
  },
  {
    number: 37,
    option: "nametrans",
    text: "lambda n: '/'.join([p.capitalize() for p in n.split('/')][:2])",
    cases: [{ "args": ["a/BB/c"], "gives": "'A/Bb'" }, {
      "args": ["one"],
      "gives": "'One'",
    }],
  },
  {
    number: 38,
    option: "nametrans",
    text: "lambda n: re.sub(r'(\\d+)', lambda m: '%03d' % int(m.group(1)), n)",
    cases: [{ "args": ["v7/x12"], "gives": "'v007/x012'" }, {
      "args": ["x"],
      "gives": "'x'",
    }],
  },
  {
    number: 39,
    option: "folderfilter",
    text: "lambda n: n in ['INBOX', 'Drafts', 'Work']",
    cases: [{ "args": ["INBOX"], "gives": "True" }, {
      "args": ["work"],
      "gives": "False",
    }, { "args": ["Work/x"], "gives": "False" }],
  },
  {
    number: 40,
    option: "folderfilter",
    text: "lambda n: n not in ('Junk',)",
    cases: [{ "args": ["Junk"], "gives": "False" }, {
      "args": ["Jun"],
      "gives": "True",
    }, { "args": ["INBOX"], "gives": "True" }],
  },
  {
    number: 41,
    option: "folderfilter",
    text: "lambda n: n not in ('Junk')",
    cases: [
      { "args": ["Junk"], "gives": "False" },
      { "args": ["Jun"], "gives": "False" },
      { "args": ["INBOX"], "gives": "True" },
      { "args": [""], "gives": "False" },
    ],
  },
  {
    number: 42,
    option: "folderfilter",
    text: "lambda n: not re.search(r'(?:^Junk$|Old)', n)",
    cases: [
      { "args": ["Junk"], "gives": "False" },
      { "args": ["OldStuff"], "gives": "False" },
      { "args": ["Junk/x"], "gives": "True" },
      { "args": ["INBOX"], "gives": "True" },
    ],
  },
  {
    number: 43,
    option: "folderfilter",
    text: "lambda n: re.match('INBOX', n)",
    cases: [{ "args": ["INBOX"], "gives": "truthy" }, {
      "args": ["INBOX.a"],
      "gives": "truthy",
    }, { "args": ["Sent"], "gives": "None" }],
  },
  {
    number: 44,
    option: "folderfilter",
    text: "lambda n: re.fullmatch('[a-z]+', n) is not None",
    cases: [{ "args": ["abc"], "gives": "True" }, {
      "args": ["Abc"],
      "gives": "False",
    }, { "args": ["abc\n"], "gives": "False" }],
  },
  {
    number: 45,
    option: "folderfilter",
    text: "lambda n: re.search('(Bin|Spam|All Mail)$', n) is None",
    cases: [
      { "args": ["[Gmail]/Bin"], "gives": "False" },
      { "args": ["[Gmail]/All Mail"], "gives": "False" },
      { "args": ["INBOX"], "gives": "True" },
      { "args": ["Bin/2020"], "gives": "True" },
    ],
  },
  {
    number: 46,
    option: "folderfilter",
    text: "lambda n: re.match(r'x$', n) != None",
    cases: [{ "args": ["x"], "gives": "True" }, {
      "args": ["x\n"],
      "gives": "True",
    }, { "args": ["xy"], "gives": "False" }],
  },
  {
    number: 47,
    option: "folderfilter",
    text: "lambda n: n.startswith(('INBOX', 'Work/'))",
    cases: [
      { "args": ["INBOX/x"], "gives": "True" },
      { "args": ["Work"], "gives": "False" },
      { "args": ["Work/a"], "gives": "True" },
      { "args": ["Home"], "gives": "False" },
    ],
  },
  {
    number: 48,
    option: "folderfilter",
    text:
      "lambda n: not n.startswith('[Gmail]') or n in ['[Gmail]/Sent Mail', '[Gmail]/Drafts']",
    cases: [{ "args": ["[Gmail]/Spam"], "gives": "False" }, {
      "args": ["[Gmail]/Drafts"],
      "gives": "True",
    }, { "args": ["x"], "gives": "True" }],
  },
  {
    number: 49,
    option: "folderfilter",
    text: "lambda n: n.count('/') < 2 and 'Archive' not in n",
    cases: [{ "args": ["a/b"], "gives": "True" }, {
      "args": ["a/b/c"],
      "gives": "False",
    }, { "args": ["Archive/a"], "gives": "False" }],
  },
  {
    number: 50,
    option: "folderfilter",
    text: "lambda n: n.lower() not in map(str.lower, ['Spam', 'JUNK'])",
    cases: [{ "args": ["spam"], "gives": "False" }, {
      "args": ["Junk"],
      "gives": "False",
    }, { "args": ["INBOX"], "gives": "True" }],
  },
  {
    number: 51,
    option: "folderfilter",
    text:
      "lambda n: any(n == p or n.startswith(p + '.') for p in ['INBOX', 'Lists'])",
    cases: [{ "args": ["INBOX"], "gives": "True" }, {
      "args": ["Lists.x"],
      "gives": "True",
    }, { "args": ["Listserv"], "gives": "False" }],
  },
  {
    number: 52,
    option: "folderfilter",
    text: "lambda n: all(c not in n for c in '&*?')",
    cases: [{ "args": ["G&AOQ-ste"], "gives": "False" }, {
      "args": ["ok"],
      "gives": "True",
    }, { "args": ["a*b"], "gives": "False" }],
  },
  {
    number: 53,
    option: "folderfilter",
    text: "lambda n: len([x for x in n.split('/') if x]) > 1",
    cases: [{ "args": ["a/b"], "gives": "True" }, {
      "args": ["/a"],
      "gives": "False",
    }, { "args": ["a"], "gives": "False" }],
  },
  {
    number: 54,
    option: "folderfilter",
    text: "lambda n: bool({'INBOX': 1}.get(n, 0)) ^ (n == 'Sent')",
    cases: [{ "args": ["INBOX"], "gives": "True" }, {
      "args": ["Sent"],
      "gives": "True",
    }, { "args": ["x"], "gives": "False" }],
  },
  {
    number: 55,
    option: "folderfilter",
    text: "lambda n: n[:5] == 'INBOX' and n[-1:] != '~'",
    cases: [{ "args": ["INBOX.a"], "gives": "True" }, {
      "args": ["INBOX~"],
      "gives": "False",
    }, { "args": ["x"], "gives": "False" }],
  },
  {
    number: 56,
    option: "folderfilter",
    text: "lambda n: 1 <= len(n) <= 5",
    cases: [{ "args": ["INBOX"], "gives": "True" }, {
      "args": ["Drafts"],
      "gives": "False",
    }, { "args": [""], "gives": "False" }],
  },
  {
    number: 57,
    option: "folderfilter",
    text:
      "lambda n: re.findall(r'\\d{4}', n) and int(re.findall(r'\\d{4}', n)[0]) >= 2020",
    cases: [{ "args": ["Archive/2019"], "gives": "False" }, {
      "args": ["Archive/2021"],
      "gives": "True",
    }, { "args": ["Archive"], "gives": "[]" }],
  },
  {
    number: 58,
    option: "folderfilter",
    text: "lambda n: n in [\n'INBOX', 'Sent Mail',\n\n'Other']",
    cases: [{ "args": ["Other"], "gives": "True" }, {
      "args": ["Sent Mail"],
      "gives": "True",
    }, { "args": ["Sent"], "gives": "False" }],
  },
  {
    number: 59,
    option: "folderfilter",
    text: "lambda n: n in ['A',  # first\n'B',  # second\n]",
    cases: [{ "args": ["A"], "gives": "True" }, {
      "args": ["B"],
      "gives": "True",
    }, { "args": ["C"], "gives": "False" }],
  },
  {
    number: 60,
    option: "folderfilter",
    text: "lambda n: \\\nn == 'A' or \\\nn == 'B'",
    cases: [{ "args": ["B"], "gives": "True" }, {
      "args": ["C"],
      "gives": "False",
    }],
  },
  {
    number: 61,
    option: "folderfilter",
    text: "lambda n: not (n.endswith('Trash') | n.endswith('Spam'))",
    cases: [{ "args": ["x/Trash"], "gives": "False" }, {
      "args": ["x/Spam"],
      "gives": "False",
    }, { "args": ["y"], "gives": "True" }],
  },
  {
    number: 62,
    option: "folderfilter",
    text: "lambda n: n >= 'M' and n != 'Zed'",
    cases: [
      { "args": ["Mail"], "gives": "True" },
      { "args": ["Ant"], "gives": "False" },
      { "args": ["Zed"], "gives": "False" },
      { "args": ["a"], "gives": "True" },
    ],
  },
  {
    number: 63,
    option: "folderfilter",
    text: "lambda n: {'x': True}[n] if n in {'x'} else None",
    cases: [{ "args": ["x"], "gives": "True" }, {
      "args": ["y"],
      "gives": "None",
    }],
  },
  {
    number: 64,
    option: "folderfilter",
    text: "lambda n: {'x': True}[n]",
    cases: [{ "args": ["x"], "gives": "True" }, {
      "args": ["y"],
      "gives": "raises KeyError",
    }],
  },
  {
    number: 65,
    option: "folderfilter",
    text: "lambda n: set(n.split('/')) & {'Trash', 'Spam'} == set()",
    cases: [{ "args": ["a/Trash"], "gives": "False" }, {
      "args": ["a/b"],
      "gives": "True",
    }],
  },
  {
    number: 66,
    option: "folderfilter",
    text: "lambda n: True",
    cases: [{ "args": ["anything"], "gives": "True" }],
  },
  {
    number: 67,
    option: "folderfilter",
    text: "lambda *a: not a[0].isdigit()",
    cases: [{ "args": ["2024"], "gives": "False" }, {
      "args": ["x"],
      "gives": "True",
    }],
  },
  {
    number: 68,
    option: "folderincludes",
    text: "['lists.kernel', 'lists.git']",
    cases: [{ "value": "['lists.kernel', 'lists.git']" }],
  },
  {
    number: 69,
    option: "folderincludes",
    text: "['INBOX'] + ['Lists/' + n for n in ('a', 'b')]",
    cases: [{ "value": "['INBOX', 'Lists/a', 'Lists/b']" }],
  },
  {
    number: 70,
    option: "folderincludes",
    text: "[x.strip() for x in 'INBOX, Sent'.split(',')]",
    cases: [{ "value": "['INBOX', 'Sent']" }],
  },
  {
    number: 71,
    option: "folderincludes",
    text: "('INBOX', 'Sent')",
    cases: [{ "value": "('INBOX', 'Sent')" }],
  },
  {
    number: 72,
    option: "idlefolders",
    text: "['INBOX', 'Alerts/' + 'now']",
    cases: [{ "value": "['INBOX', 'Alerts/now']" }],
  },
  {
    number: 73,
    option: "copy_ignore_eval",
    text: "lambda n: {'INBOX': [17, 21], 'Lists/x': (5,)}.get(n)",
    cases: [{ "args": ["INBOX"], "gives": "[17, 21]" }, {
      "args": ["Lists/x"],
      "gives": "(5,)",
    }, { "args": ["Sent"], "gives": "None" }],
  },
  {
    number: 74,
    option: "copy_ignore_eval",
    text: "lambda n: list(range(10, 13)) if n == 'Bad' else []",
    cases: [{ "args": ["Bad"], "gives": "[10, 11, 12]" }, {
      "args": ["x"],
      "gives": "[]",
    }],
  },
  {
    number: 75,
    option: "remoteporteval",
    text: "993 if 'a' < 'b' else 143",
    cases: [{ "value": "993" }],
  },
  {
    number: 76,
    option: "remoteporteval",
    text: "int('14' + '3')",
    cases: [{ "value": "143" }],
  },
  {
    number: 77,
    option: "remotehosteval",
    text: "'.'.join(['imap', 'example', 'org'])",
    cases: [{ "value": "'imap.example.org'" }],
  },
  {
    number: 78,
    option: "remoteusereval",
    text: "'user@{}'.format('example.org')",
    cases: [{ "value": "'user@example.org'" }],
  },
  {
    number: 79,
    option: "remotepasseval",
    text: "'s3cr3t\\n'.strip()",
    cases: [{ "value": "'s3cr3t'" }],
  },
  {
    number: 80,
    option: "remotepasseval",
    text: "b'caf\\xc3\\xa9'",
    cases: [{ "value": "b'caf\\xc3\\xa9'" }],
  },
  {
    number: 81,
    option: "remotepasseval",
    text: "__import__('base64').b64decode('aHVudGVyMg==')",
    cases: [{ "value": "b'hunter2'" }],
  },
  {
    number: 82,
    option: "remotepasseval",
    text: "'\\x70' 'w' + chr(33)",
    cases: [{ "value": "'pw!'" }],
  },
  {
    number: 83,
    option: "remotepasseval",
    text: "'first\\nsecond'.splitlines()[0]",
    cases: [{ "value": "'first'" }],
  },
  {
    number: 84,
    option: "oauth2_access_token_eval",
    text: "'tok\\n'",
    cases: [{ "value": "'tok\\n'" }],
  },
  {
    number: 85,
    option: "mbnames header",
    text: '"mailboxes "',
    cases: [{ "value": "'mailboxes '" }],
  },
  {
    number: 86,
    option: "mbnames header",
    text: "'set x\\n' 'mailboxes \\\\\\n  '",
    cases: [{ "value": "'set x\\nmailboxes \\\\\\n  '" }],
  },
  {
    number: 87,
    option: "mbnames footer",
    text: '"\\n"',
    cases: [{ "value": "'\\n'" }],
  },
  {
    number: 88,
    option: "mbnames folderfilter",
    text: "lambda acct, name: acct == 'Work' and not re.search('Trash', name)",
    cases: [{ "args": ["Work", "INBOX"], "gives": "True" }, {
      "args": ["Work", "Trash"],
      "gives": "False",
    }, { "args": ["Home", "INBOX"], "gives": "False" }],
  },
  {
    number: 89,
    option: "mbnames sort_keyfunc",
    text:
      "lambda d: (d['accountname'] != 'Main', d['foldername'] != 'INBOX', d['foldername'].lower())",
    cases: [{
      "args": [{
        "accountname": "Main",
        "foldername": "INBOX",
        "localfolders": "/m",
      }],
      "gives": "(False, False, 'inbox')",
    }, {
      "args": [{
        "accountname": "Alt",
        "foldername": "Zed",
        "localfolders": "/m",
      }],
      "gives": "(True, True, 'zed')",
    }],
  },
  {
    number: 90,
    option: "foldersort",
    text: "lambda x, y: (x > y) - (x < y)",
    cases: [{
      "sorted": "['Archive', 'Drafts', 'INBOX', 'Sent', 'archive/2', 'inbox']",
    }],
  },
  {
    number: 91,
    option: "foldersort",
    text: "lambda x, y: -((x > y) - (x < y))",
    cases: [{
      "sorted": "['inbox', 'archive/2', 'Sent', 'INBOX', 'Drafts', 'Archive']",
    }],
  },
  {
    number: 92,
    option: "foldersort",
    text: "lambda x, y: (y == 'INBOX') - (x == 'INBOX') or (x > y) - (x < y)",
    cases: [{
      "sorted": "['INBOX', 'Archive', 'Drafts', 'Sent', 'archive/2', 'inbox']",
    }],
  },
  {
    number: 93,
    option: "foldersort",
    text: "lambda x, y: len(x) - len(y)",
    cases: [{
      "sorted": "['Sent', 'inbox', 'INBOX', 'Drafts', 'Archive', 'archive/2']",
    }],
  },
  {
    number: 94,
    option: "foldersort",
    text:
      "lambda a, b: (lambda k: (k(a) > k(b)) - (k(a) < k(b)))(lambda s: (['INBOX', 'Sent'] + [s]).index(s))",
    cases: [{
      "sorted": "['INBOX', 'Sent', 'inbox', 'Archive', 'archive/2', 'Drafts']",
    }],
  },
  {
    number: 95,
    option: "foldersort",
    text: "lambda x, y: cmp(x, y)",
    // CPython 3 raises NameError; `cmp` is ours, so that old files go on working.
    cases: [{
      "sorted": "['Archive', 'Drafts', 'INBOX', 'Sent', 'archive/2', 'inbox']",
    }],
  },
];
