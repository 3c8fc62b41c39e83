// A CloudFormation template: read from YAML with its short forms, and expanded for given parameters as CloudFormation would:
// conditions decided, intrinsic functions called. Values that exist only after a resource is created stay References.
import { readFileSync } from "node:fs";
import YAML from "yaml";

const kShortForms = ["Base64", "Cidr", "FindInMap", "GetAZs", "If", "ImportValue", "Join", "Select", "Split", "Sub", "And", "Equals", "Not", "Or"];
const kPseudo = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/files/1",
    "AWS::StackName": "files",
    "AWS::URLSuffix": "amazonaws.com",
};
const kNoValue = Symbol("AWS::NoValue");

// The result of Ref (attribute: null) or GetAtt on a resource.
export class Reference {
    constructor(name, attribute = null) {
        this.name = name;
        this.attribute = attribute;
    }

    toString() {
        return `<${this.name}${this.attribute ? "." + this.attribute : ""}>`;
    }
}

function tagOf(tag, key, convert = (value) => value) {
    const resolve = (value) => ({ [key]: convert(value?.toJSON ? value.toJSON() : value) });
    return [{ tag, resolve }, { tag, collection: "seq", resolve }, { tag, collection: "map", resolve }];
}

const tags = [
    ...kShortForms.flatMap((name) => tagOf(`!${name}`, `Fn::${name}`)),
    ...tagOf("!Ref", "Ref"),
    ...tagOf("!Condition", "Condition"),
    ...tagOf("!GetAtt", "Fn::GetAtt", (value) => (typeof value === "string" ? splitAttribute(value) : value)),
];

function splitAttribute(text) {
    const dot = text.indexOf(".");
    return [text.slice(0, dot), text.slice(dot + 1)];
}

export function readTemplate(path) {
    const document = YAML.parseDocument(readFileSync(path, "utf8"), { customTags: tags });
    if (document.errors.length) throw document.errors[0];
    return document.toJSON();
}

// Names in Ref, GetAtt and Sub, anywhere below a node; those of conditions in Fn::If and Condition.
export function namesIn(node, found = { refs: new Set(), conditions: new Set() }) {
    if (typeof node !== "object" || node === null) return found;
    if (Array.isArray(node)) node.forEach((item) => namesIn(item, found));
    else for (const [key, value] of Object.entries(node)) {
        if (key === "Ref") found.refs.add(value);
        if (key === "Fn::GetAtt") found.refs.add(value[0]);
        if (key === "Fn::Sub") placeholders([value].flat()[0]).forEach((name) => found.refs.add(splitOnce(name)));
        if (key === "Fn::If") found.conditions.add(value[0]);
        if (key === "Condition" && typeof value === "string") found.conditions.add(value);
        namesIn(value, found);
    }
    return found;
}

const splitOnce = (name) => name.split(".")[0];
const placeholders = (text) => [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => match[1]);

class Expansion {
    constructor(template, parameters) {
        this.template = template;
        this.problems = [];
        this.parameters = {};
        for (const [name, parameter] of Object.entries(template.Parameters ?? {})) {
            const value = parameters[name] ?? parameter.Default;
            if (value === undefined) this.problems.push(`parameter ${name} has no value`);
            this.parameters[name] = value;
        }
    }

    condition(name) {
        if (!(name in (this.template.Conditions ?? {}))) throw new Error(`there is no condition ${name}`);
        return this.value(this.template.Conditions[name]);
    }

    exists(name) {
        const resource = this.template.Resources[name];
        return resource !== undefined && (resource.Condition === undefined || this.condition(resource.Condition));
    }

    reference(name, attribute, where) {
        if (attribute === null && name === "AWS::NoValue") return kNoValue;
        if (attribute === null && name in kPseudo) return kPseudo[name];
        if (attribute === null && name in this.parameters) return this.parameters[name];
        if (!this.exists(name)) this.problems.push(`${where}: ${name} is not there`);
        return new Reference(name, attribute);
    }

    // The value of a node, with its intrinsic functions called.
    value(node, where = "") {
        if (typeof node !== "object" || node === null) return node;
        if (Array.isArray(node)) return node.map((item, i) => this.value(item, `${where}/${i}`)).filter((item) => item !== kNoValue);
        const keys = Object.keys(node);
        const intrinsic = keys.length === 1 && kFunctions[keys[0]];
        if (intrinsic) return intrinsic(this, node[keys[0]], where);
        const pairs = keys.map((key) => [key, this.value(node[key], `${where}/${key}`)]);
        return Object.fromEntries(pairs.filter(([, value]) => value !== kNoValue));
    }

    substitute(text, own, where) {
        return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal, name) => {
            if (literal) return `\${${name}}`;
            if (name in own) return String(own[name]);
            const [resource, attribute] = name.includes(".") ? splitAttribute(name) : [name, null];
            return String(this.reference(resource, attribute, where));
        });
    }
}

const kFunctions = {
    Ref: (e, name, where) => e.reference(name, null, where),
    Condition: (e, name) => e.condition(name),
    "Fn::GetAtt": (e, [name, attribute], where) => e.reference(name, attribute, where),
    "Fn::If": (e, [name, yes, no], where) => e.value(e.condition(name) ? yes : no, where),
    "Fn::Equals": (e, [a, b]) => String(e.value(a)) === String(e.value(b)),
    "Fn::Not": (e, [a]) => !e.value(a),
    "Fn::And": (e, all) => all.every((item) => e.value(item)),
    "Fn::Or": (e, all) => all.some((item) => e.value(item)),
    "Fn::Base64": (e, text, where) => e.value(text, where),
    "Fn::Join": (e, [separator, items], where) => e.value(items, where).join(separator),
    "Fn::Select": (e, [index, items], where) => e.value(items, where)[index],
    "Fn::Split": (e, [separator, text], where) => e.value(text, where).split(separator),
    "Fn::Sub": (e, what, where) => {
        const [text, own] = Array.isArray(what) ? what : [what, {}];
        return e.substitute(text, e.value(own, where), where);
    },
};

function refusalsOf(rules, expansion) {
    const applying = Object.values(rules).filter((rule) => expansion.value(rule.RuleCondition ?? true));
    const assertions = applying.flatMap((rule) => rule.Assertions);
    return assertions.filter(({ Assert }) => !expansion.value(Assert)).map(({ AssertDescription }) => AssertDescription);
}

// {resources, outputs, problems, refusals}: the template's result for these parameters, and the violations of its rules.
export function expand(template, parameters) {
    const expansion = new Expansion(template, parameters);
    const resources = {};
    for (const [name, resource] of Object.entries(template.Resources)) {
        if (!expansion.exists(name)) continue;
        for (const other of [resource.DependsOn ?? []].flat())
            if (!(other in template.Resources)) expansion.problems.push(`${name} depends on ${other}, which is not there`);
        resources[name] = { ...resource, Properties: expansion.value(resource.Properties ?? {}, name) };
        for (const key of ["CreationPolicy", "UpdatePolicy"]) if (resource[key]) resources[name][key] = expansion.value(resource[key], name);
    }
    const outputs = {};
    for (const [name, output] of Object.entries(template.Outputs ?? {})) {
        if (output.Condition && !expansion.condition(output.Condition)) continue;
        outputs[name] = expansion.value(output.Value, `output ${name}`);
    }
    return { resources, outputs, problems: expansion.problems, refusals: refusalsOf(template.Rules ?? {}, expansion) };
}
