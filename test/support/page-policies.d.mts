/** Types of page-policies.mjs. */

export type PagePolicies = Readonly<Record<string, readonly [policy: string, name: string | null]>>;

export declare function givePolicies(pages: PagePolicies): void;
