// What the build turns into modules.
declare module '*.css';
declare module 'lucide:*' {
    const shapes: [tag: string, attributes: Record<string, string>][];
    export default shapes;
}
