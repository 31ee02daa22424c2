/** The npm packages inside an executable, as CycloneDX 1.5. */

/** A package as `deno.lock` has it, by `name@version`. */
export interface LockedPackage {
  /** `sha512-` and base64. */
  readonly integrity: string;
  /** Names, with `@version` where there are several versions of one. */
  readonly dependencies?: readonly string[];
}

/** What is listed. */
export interface BillOptions {
  readonly name: string;
  readonly version: string;
  /** `name@version` of the packages that the program imports. */
  readonly roots: readonly string[];
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** A CycloneDX document; plain data for JSON. */
export interface Bill {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.5";
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn: readonly string[];
  }[];
}

interface Component {
  readonly type: "application" | "library";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly {
    readonly alg: string;
    readonly content: string;
  }[];
}

/**
 * Everything that the roots need, and theirs.
 * @throws {Error} When a package is not in the lock file.
 */
export function billOfMaterials(options: BillOptions): Bill {
  const { name, version, roots, packages } = options;
  const needed = new Map<string, readonly string[]>();
  const visit = (id: string): void => {
    if (needed.has(id)) return;
    const dependencies = (packageOf(id).dependencies ?? []).map(resolve);
    needed.set(id, dependencies);
    dependencies.forEach(visit);
  };
  const packageOf = (id: string): LockedPackage => {
    const found = packages[id];
    if (found === undefined) throw new Error(`${id} is not in the lock file`);
    return found;
  };
  const resolve = (wanted: string): string =>
    wanted in packages
      ? wanted
      : Object.keys(packages).find((id) => split(id)[0] === wanted) ?? wanted;
  roots.forEach(visit);
  const ids = [...needed.keys()].sort();
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": name,
        name,
        version,
        purl: `pkg:generic/${name}@${version}`,
      },
    },
    components: ids.map((id) => {
      const [packageName, packageVersion] = split(id);
      return {
        type: "library",
        "bom-ref": id,
        name: packageName,
        version: packageVersion,
        purl: `pkg:npm/${packageName.replace("@", "%40")}@${packageVersion}`,
        hashes: [{ alg: "SHA-512", content: digestOf(packageOf(id)) }],
      };
    }),
    dependencies: [
      { ref: name, dependsOn: roots },
      ...ids.map((id) => ({ ref: id, dependsOn: needed.get(id) ?? [] })),
    ],
  };
}

/** `@scope/name@1.2.3` as name and version. */
function split(id: string): [string, string] {
  const at = id.lastIndexOf("@");
  return [id.slice(0, at), id.slice(at + 1)];
}

function digestOf({ integrity }: LockedPackage): string {
  return Uint8Array.fromBase64(integrity.replace(/^sha512-/, "")).toHex();
}
