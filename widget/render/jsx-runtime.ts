/**
 * What JSX becomes: descriptions of what to draw (render.ts), and the types of its elements.
 * TypeScript and esbuild import this file by itself, as `jsxImportSource` in tsconfig.json says.
 */

export interface Described {
  readonly type: Type;
  readonly props: Props;
  readonly key: unknown;
}

/** What a view returns, and what stands between two tags. */
export type Child = Described | string | number | boolean | null | undefined | readonly Child[];

export type Type =
  | string
  | ((props: never) => Child)
  | (new (
      props: never,
    ) => { render(props: never, state: never): Child });

export interface Props {
  readonly [name: string]: unknown;
  readonly children?: Child;
}

/** Given the node once it is on the page, and null once it is not. */
export type Ref<Node> = { current: Node | null } | ((node: Node | null) => void);

export function jsx(type: Type, props: Props, key?: unknown): Described {
  return { type, props, key };
}

export { jsx as jsxs };

export function Fragment({ children }: { readonly children?: Child }): Child {
  return children;
}

type On<Node, Kind extends Event> = (event: Kind & { readonly currentTarget: Node }) => void;

interface Attributes<Node> {
  readonly [attribute: string]: unknown;
  readonly key?: unknown;
  readonly children?: Child;
  readonly ref?: Ref<Node>;
  readonly class?: string | undefined;
  readonly onClick?: On<Node, MouseEvent>;
  readonly onFocus?: On<Node, FocusEvent> | undefined;
  readonly onInput?: On<Node, InputEvent>;
  readonly onKeyDown?: On<Node, KeyboardEvent>;
  readonly onScroll?: On<Node, Event>;
  readonly onSubmit?: On<Node, SubmitEvent>;
}

type Tags = HTMLElementTagNameMap & Pick<SVGElementTagNameMap, 'svg' | 'path'>;

export declare namespace JSX {
  type Element = Child;
  type ElementType = Type;
  interface ElementAttributesProperty {
    props: unknown;
  }
  interface ElementChildrenAttribute {
    children: unknown;
  }
  interface IntrinsicAttributes {
    readonly key?: unknown;
  }
  type IntrinsicElements = { readonly [Tag in keyof Tags]: Attributes<Tags[Tag]> };
}
