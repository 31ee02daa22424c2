/** People, subjects and sentences of the sample mail; all invented. */

/** Somebody who writes. */
export interface Person {
  readonly name: string;
  readonly address: string;
}

/** The correspondents. */
export const PEOPLE: readonly Person[] = [
  { name: "Ada Whitfield", address: "ada@example.org" },
  { name: "Björn Lindqvist", address: "bjorn@example.se" },
  { name: "Chloé Martin", address: "chloe.martin@example.fr" },
  { name: "Daisuke Mori", address: "mori@example.jp" },
  { name: "Eleni Papadaki", address: "eleni@example.gr" },
  { name: "Farid", address: "farid+lists@example.net" },
  { name: "Городской архив", address: "archive@example.ru" },
  { name: "Henk de Vries", address: "henk@example.nl" },
];

/** The subjects. */
export const TOPICS: readonly string[] = [
  "Minutes of Tuesday's meeting",
  "Apples, and what to do with them",
  "Rechnung März",
  "Question about the Maildir layout",
  "Train to Zürich",
  "Re-using the old shed",
  "Réunion de jeudi",
  "A bug that only shows on Sundays",
  "[deno] Release notes",
  "Photographs of the harbour",
  "旅行の予定",
  "Backup finished",
];

/** What they write about. */
export const SENTENCES: readonly string[] = [
  "The boxes are in the hall, next to the ladder.",
  "Could you have a look before Friday?",
  "I think the second proposal is the better one.",
  "Der Zug fährt um 7.42 Uhr von Gleis 3.",
  "Nothing in the log points to the disk.",
  "We were nine, and the soup was enough for twelve.",
  "> as I wrote last week, the key is under the stone",
  "It worked on the first attempt, which worries me.",
  "Merci, à jeudi !",
  "The numbers for October are attached.",
  "Please do not answer to this address.",
  "Let us talk about the roof when the rain stops.",
];
