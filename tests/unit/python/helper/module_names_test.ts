import assert from "node:assert/strict";
import { moduleNames } from "../../../../src/python/helper/module_names.ts";

Deno.test.each([
  { text: "def f(a):\n    b = 1\n    return b\n", names: ["f"] },
  { text: "class C(object):\n    x = 1\n", names: ["C"] },
  { text: "import os, sys\nimport os.path as p\n", names: ["os", "sys", "p"] },
  { text: "import xml.dom\n", names: ["xml"] },
  {
    text: "from a import b as c, d\nfrom . import e\n",
    names: ["c", "d", "e"],
  },
  { text: "x = y = 1\na, (b, c) = z\n", names: ["x", "y", "a", "b", "c"] },
  { text: "table['k'] = 1\nobject.field = 2\n", names: [] },
  { text: "if True:\n    f = 1\nelse:\n    g = 2\n", names: ["f", "g"] },
  {
    text: "try:\n    import json\nexcept ImportError:\n    json = None\n",
    names: ["json"],
  },
  { text: "for i in range(3):\n    last = i\n", names: ["i", "last"] },
  {
    text: "with open('f') as file:\n    text = file.read()\n",
    names: ["file", "text"],
  },
  { text: "@decorated\ndef f(): pass\n", names: ["f"] },
  { text: "import re\n", names: ["re"] },
  { text: "this is (no Python\nx = 1\n", names: ["x"] },
  { text: "", names: [] },
])("moduleNames() finds $names in $text", ({ text, names }) => {
  const found = moduleNames(text);
  for (const name of names) assert.ok(found.has(name), name);
  if (!text.startsWith("this")) assert.equal(found.size, names.length);
});
