import type { BaseLocationHook } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";

/**
 * The router's location: the path in the address's fragment. What follows a question mark there is for the
 * page (`useSearch`): wouter takes it for a part of the path.
 */
export const useHashPath: BaseLocationHook = () => {
  const [location, navigate] = useHashLocation();
  return [splitQuery(location).path, navigate];
};
useHashPath.searchHook = () => splitQuery(useHashLocation()[0]).query;

function splitQuery(location: string): { readonly path: string; readonly query: string } {
  const mark = location.indexOf("?");
  return mark < 0
    ? { path: location, query: "" }
    : { path: location.slice(0, mark), query: location.slice(mark + 1) };
}
