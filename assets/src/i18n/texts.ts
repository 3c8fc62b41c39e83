// What a text is, and what a language must have to be a translation of another.
export interface Plural {
    one: string;
    other: string;
}

export type Text = string | Plural;

// The same keys, each with the same kind of text. A key that is missing or unknown does not compile.
export type Translation<T> = { readonly [K in keyof T]: T[K] extends string ? string : Plural };
