"""The layers of the web app: what a folder of assets/src may import, and that no imports run in a circle."""
import posixpath
import re

ROOT = "assets/src/"
# A layer, and the layers that its files may import. Views and main.tsx see all.
LAYERS = {
    "api": set(),
    "i18n": set(),
    "model": {"api", "i18n"},
    "components": {"api", "i18n", "model"},
    "views": {"api", "i18n", "model", "components"},
}
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]*)['"]""")


def imports(name, text, names):
    """The files of the app that one imports, types included."""
    for path in IMPORT.findall(text):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        for found in (target, f"{target}.ts", f"{target}.tsx", f"{target}/index.ts"):
            if found in names:
                yield found
                break


def layer_of(name):
    """None for what stands above all layers."""
    folder, slash, _ = name.removeprefix(ROOT).partition("/")
    return folder if slash else None


def layer_breaches(graph):
    for name, targets in graph.items():
        layer = layer_of(name)
        if layer is not None and layer not in LAYERS:
            yield f"{name}: assets/src has no layer {layer}"
            continue
        for target in targets:
            below = layer_of(target)
            if layer is not None and below != layer and below not in LAYERS[layer]:
                yield f"{name}: {layer} imports {target.removeprefix(ROOT)}"


def circles(graph):
    """A line a circle: depth first, an edge to what is still on the path closes one."""
    done, path, found = set(), [], []

    def visit(name):
        path.append(name)
        for target in graph[name]:
            if target in path:
                ring = path[path.index(target):]
                found.append(f"{ring[0]}: imports itself by " + ", ".join(ring[1:] or ["itself"]))
            elif target not in done:
                visit(target)
        done.add(path.pop())

    for name in graph:
        if name not in done:
            visit(name)
    return found


def breaches(files):
    """files: (name below the repository's root, text)"""
    texts = {name: text for name, text in files if name.startswith(ROOT) and name.endswith((".ts", ".tsx"))}
    graph = {name: sorted(set(imports(name, text, texts))) for name, text in texts.items()}
    return [*layer_breaches(graph), *circles(graph)]
