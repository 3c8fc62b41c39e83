// Checks resources against CloudFormation's published specification: each property is known, has its type and an allowed value
// or a text that its service accepts (texts.mjs), and no required one is missing; a referenced resource has that attribute and a
// fitting type.
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

import { Reference } from "./template.mjs";
import { kTag, ruleOf } from "./texts.mjs";

const database = loadAwsServiceSpecSync();
const kKeys = ["Type", "Properties", "DependsOn", "Condition", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"];
const kScalars = {
    string: (value) => typeof value === "string" || typeof value === "number",
    integer: (value) => Number.isInteger(Number(value)) && value !== "" && typeof value !== "boolean",
    number: (value) => Number.isFinite(Number(value)) && value !== "" && typeof value !== "boolean",
    boolean: (value) => [true, false, "true", "false"].includes(value),
    "date-time": (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
};
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Reference);

export function resourceType(name) {
    const found = database.lookup("resource", "cloudFormationType", "equals", name);
    return found.length ? found[0] : null;
}

export class Checker {
    constructor(resources) {
        this.resources = resources;
        this.problems = [];
    }

    say(where, what) {
        this.problems.push(`${where}: ${what}`);
    }

    // The type of a reference in the specification; null after a problem was reported.
    typeOf(reference, where) {
        const type = resourceType(this.resources[reference.name]?.Type);
        if (!type || reference.attribute === null) return { type: "string" };
        const attribute = type.attributes[reference.attribute];
        if (!attribute) this.say(where, `${type.cloudFormationType} has no attribute ${reference.attribute}`);
        return attribute ? attribute.type : null;
    }

    reference(type, value, where) {
        const given = this.typeOf(value, where);
        if (given && (type.type === "array") !== (given.type === "array")) this.say(where, `${value} is a ${given.type}, not a ${type.type}`);
        if (given && ["ref", "map"].includes(type.type)) this.say(where, `${value} is no ${type.type}`);
    }

    type(type, value, where) {
        if (type.type === "json") return this.json(value, where);
        if (value instanceof Reference) this.reference(type, value, where);
        else if (type.type in kScalars) this.scalar(type, value, where);
        else this[`check_${type.type}`](type, value, where);
    }

    scalar(type, value, where) {
        if (!kScalars[type.type](value)) return this.say(where, `${JSON.stringify(value)} is no ${type.type}`);
        if (!type.allowedValues) return type.type === "string" && this.text(value, where);
        // A text with references is only known once they are.
        if (String(value).includes("<")) return;
        if (!type.allowedValues.map(String).includes(String(value))) this.say(where, `${value} is none of ${type.allowedValues.join(", ")}`);
    }

    // Each text has a rule and matches it, whatever it refers to.
    text(value, where) {
        const [name, ...words] = where.split("/"), path = words.filter((word) => !/^\d+$/.test(word)).join("/");
        const rule = ruleOf(this.resources[name]?.Type, path);
        if (!rule) return this.say(where, `nobody has looked up what ${path} may be`);
        const plain = String(value).replace(/<[A-Z][\w.]*>/g, "x");
        if (!rule.test(String(value)) && !rule.test(plain)) this.say(where, `${JSON.stringify(value).slice(0, 300)} is not ${rule}`);
    }

    json(value, where) {
        if (value instanceof Reference) return;
        if (typeof value !== "object" || value === null) this.text(value, where);
        else for (const [key, item] of Object.entries(value)) this.json(item, `${where}/${key}`);
    }

    check_array(type, value, where) {
        if (!Array.isArray(value)) return this.say(where, "is no list");
        value.forEach((item, i) => this.type(type.element, item, `${where}/${i}`));
    }

    check_map(type, value, where) {
        if (!isObject(value)) return this.say(where, "is no map");
        for (const [key, item] of Object.entries(value)) this.type(type.element, item, `${where}/${key}`);
    }

    check_tag(type, value, where) {
        if (!isObject(value) || typeof value.Key !== "string" || value.Value === undefined) return this.say(where, "is no tag");
        this.tag(value, where);
    }

    tag(value, where) {
        for (const [key, rule] of Object.entries(kTag)) {
            const text = String(value[key]).replace(/<[A-Z][\w.]*>/g, "x");
            if (!rule.test(text)) this.say(`${where}/${key}`, `${JSON.stringify(text)} is not ${rule}`);
        }
    }

    check_ref(type, value, where) {
        const definition = database.get("typeDefinition", type.reference.$ref);
        this.properties(definition.properties, value, where);
    }

    check_union(type, value, where) {
        const found = type.types.map((one) => {
            const tried = new Checker(this.resources);
            tried.type(one, value, where);
            return tried.problems;
        });
        if (found.every((problems) => problems.length)) this.problems.push(...found[0]);
    }

    properties(known, given, where) {
        if (!isObject(given)) return this.say(where, "is no object");
        for (const [name, value] of Object.entries(given)) {
            if (!known[name]) this.say(where, `there is no property ${name}`);
            else this.property(known[name], value, `${where}/${name}`);
        }
        for (const [name, property] of Object.entries(known))
            if (property.required && !(name in given)) this.say(where, `${name} is required`);
    }

    property(property, value, where) {
        this.type(property.type, value, where);
        const kinds = (property.relationshipRefs ?? []).map((relation) => relation.cloudFormationType);
        for (const item of [value].flat()) {
            if (!kinds.length || !(item instanceof Reference) || !this.resources[item.name]) continue;
            const kind = this.resources[item.name].Type;
            if (!kinds.includes(kind)) this.say(where, `${item} is a ${kind}, not a ${kinds.join(" or ")}`);
        }
    }

    resource(name) {
        const resource = this.resources[name], type = resourceType(resource.Type);
        for (const key of Object.keys(resource)) if (!kKeys.includes(key)) this.say(name, `a resource has no ${key}`);
        if (!type) return this.say(name, `there is no ${resource.Type}`);
        this.properties(type.properties, resource.Properties, name);
    }
}

// The problems of expanded resources and of the outputs' references.
export function problemsOf({ resources, outputs }) {
    const checker = new Checker(resources);
    for (const name of Object.keys(resources)) checker.resource(name);
    for (const [name, value] of Object.entries(outputs)) if (value instanceof Reference) checker.typeOf(value, `output ${name}`);
    return checker.problems;
}
