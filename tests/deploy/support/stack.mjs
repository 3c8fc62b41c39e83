// The checks of every CloudFormation template here: it is expanded for each way to fill in its parameters.
import { statSync } from "node:fs";

import { check, checkNone } from "./checks.mjs";
import { problemsOf } from "./specification.mjs";
import { expand, namesIn } from "./template.mjs";
import { templateTextProblems } from "./texts.mjs";

const kParameterTypes = ["String", "Number", "List<Number>", "CommaDelimitedList"];
const kParameterKeys = ["Description", "MinValue", "MaxValue", "MinLength", "MaxLength", "NoEcho", "ConstraintDescription"];
const kSections = ["AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Conditions", "Resources", "Outputs"];

// [[a, b], [c, d]] → [ac, ad, bc, bd], each merged.
export const combinationsOf = (choices) =>
    choices.reduce((all, some) => all.flatMap((one) => some.map((choice) => ({ ...one, ...choice }))), [{}]);

export function checkCombinations(template, combinations) {
    const problems = new Set(), types = new Set();
    for (const parameters of combinations) {
        const expanded = expand(template, parameters);
        for (const problem of [...expanded.problems, ...expanded.refusals, ...problemsOf(expanded)]) problems.add(problem);
        for (const { Type } of Object.values(expanded.resources)) types.add(Type);
    }
    checkNone(`${combinations.length} ways to fill it in are as the specification says`, [...problems]);
    const all = new Set(Object.values(template.Resources).map((resource) => resource.Type));
    check("each kind of resource was among them", types.size === all.size, [...all].filter((type) => !types.has(type)));
}

function parameterProblems(name, { Type, Default, AllowedValues, AllowedPattern, ...rest }) {
    const problems = [];
    const known = kParameterTypes.includes(Type) || /^(List<AWS::[\w:]+>|AWS::[\w:]+|AWS::SSM::Parameter::Value<[\w:<>]+>)$/.test(Type);
    if (!known) problems.push(`${name}: no type ${Type}`);
    if (Default !== undefined && AllowedValues && !AllowedValues.includes(Default)) problems.push(`${name}: its default is not allowed`);
    if (Default !== undefined && AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(Default)) problems.push(`${name}: its default does not match`);
    for (const key of Object.keys(rest)) if (!kParameterKeys.includes(key)) problems.push(`${name}: no ${key}`);
    return problems;
}

export function checkNames(template, path) {
    const { Resources, Outputs, Conditions, Rules } = template;
    checkNone("its parameters are well formed", Object.entries(template.Parameters).flatMap(([name, parameter]) => parameterProblems(name, parameter)));
    const used = namesIn({ Resources, Outputs, Conditions, Rules });
    checkNone("each parameter is used", Object.keys(template.Parameters).filter((name) => !used.refs.has(name)));
    checkNone("each condition is used", Object.keys(Conditions).filter((name) => !used.conditions.has(name)));
    checkNone("its sections are known", Object.keys(template).filter((name) => !kSections.includes(name)));
    checkNone("its own texts are within CloudFormation's limits", templateTextProblems(template));
    check("the template is small enough to be passed inline", statSync(path).size <= 51200, statSync(path).size);
}

// Whether a node keeps idle connections longer than the balancer: else a request may arrive while one closes.
export function outlasts(timeout, balancer) {
    const own = Number(/^(\d+)s$/.exec(timeout)?.[1]);
    const attribute = balancer.Properties.LoadBalancerAttributes.find(({ Key }) => Key === "idle_timeout.timeout_seconds");
    return own > Number(attribute?.Value ?? 60);
}

// Whether a resource with targets is created after the listener that forwards to them, by a tag that names it.
export function followsListener({ Properties: { Tags } }, resources) {
    const { name } = Tags.find(({ Key }) => Key === "listener").Value;
    return resources[name].Properties.DefaultActions[0].Type === "forward";
}
