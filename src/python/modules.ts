/** The few modules that expressions can import. */
import { BASE64_MODULE } from "./module_base64.ts";
import { FUNCTOOLS_MODULE } from "./module_functools.ts";
import { osModule } from "./module_os.ts";
import type { PythonHost } from "./host.ts";
import { RE_MODULE } from "./re/module.ts";
import { Unsupported } from "./raised.ts";
import type { Module } from "./values.ts";

/** `__import__(name)`. @throws {Unsupported} For all but a few modules. */
export function importModule(
  name: string,
  host: PythonHost | undefined,
): Module {
  switch (name) {
    case "re":
      return RE_MODULE;
    case "base64":
      return BASE64_MODULE;
    case "functools":
      return FUNCTOOLS_MODULE;
    case "os":
    case "os.path":
      if (host !== undefined) return osModule(host);
  }
  throw new Unsupported(
    `the module '${name}' cannot be used here`,
    "Import it in a pythonfile, which your own python3 then runs",
  );
}
