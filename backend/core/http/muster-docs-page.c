/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-docs-page"

#include "config.h"

#include <string.h>

#include "muster-docs.h"
#include "muster-problem.h"
#include "muster-router-private.h"

static const char style[] =
  ":root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent);--soft:color-mix(in srgb,currentColor 6%,transparent)}"
  "body{font:15px/1.5 system-ui,sans-serif;margin:0;display:grid;grid-template-columns:16rem minmax(0,1fr)}"
  "nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem;border-right:1px solid var(--line);box-sizing:border-box}"
  "nav a{display:block;padding:.15rem .5rem;border-radius:6px;color:inherit;text-decoration:none}nav a:hover{background:var(--soft)}"
  "nav b{display:block;margin:1rem .5rem .25rem;text-transform:capitalize}main{padding:2rem 2.5rem;max-width:56rem}"
  "h1{margin-top:0}h2{margin-top:3rem;text-transform:capitalize}article{border:1px solid var(--line);border-radius:12px;padding:1rem 1.25rem;margin:1rem 0}"
  "h3{margin:0;font:600 15px ui-monospace,monospace;overflow-wrap:anywhere}h3 span{display:inline-block;min-width:3.6rem;color:#1c71d8}"
  "h4{margin:1rem 0 .25rem;font-size:13px}code{font:13px ui-monospace,monospace}"
  "table{border-collapse:collapse;width:100%;font-size:14px}td,th{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-top:1px solid var(--line)}"
  "th{font-weight:600}.m{opacity:.7}@media(max-width:50rem){body{display:block}nav{position:static;height:auto;border:0}main{padding:1rem}}";

static void
append_escaped (GString *html, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  g_string_append (html, escaped);
}

static const char *
describe_type (const MusterField *field)
{
  static const char *const names[] = {
    [MUSTER_FIELD_STRING] = "text",     [MUSTER_FIELD_TEXT] = "text",
    [MUSTER_FIELD_INTEGER] = "integer", [MUSTER_FIELD_DOUBLE] = "number",
    [MUSTER_FIELD_BOOLEAN] = "boolean", [MUSTER_FIELD_ENUM] = "one of",
    [MUSTER_FIELD_TIME] = "time",       [MUSTER_FIELD_UUID] = "UUID",
    [MUSTER_FIELD_MONEY] = "amount",    [MUSTER_FIELD_JSON] = "JSON",
  };

  return names[field->type];
}

static void
append_nicks (GString *html, const MusterEnum *enumeration)
{
  for (unsigned i = 0; i < muster_enum_get_count (enumeration); i++)
    g_string_append_printf (html, "%s <code>%s</code>", i > 0 ? "," : "",
                            muster_enum_get_nick (enumeration, i));
}

static void
append_field (GString *html, const MusterField *field)
{
  g_string_append_printf (html, "<tr><td><code>%s</code><td>%s", field->name,
                          describe_type (field));
  if (field->type == MUSTER_FIELD_ENUM)
    append_nicks (html, field->enumeration);
  if (field->minimum != 0 || field->maximum != 0)
    g_string_append_printf (html, " <span class=m>%" G_GINT64_FORMAT "…%" G_GINT64_FORMAT "</span>",
                            field->minimum, field->maximum);
  g_string_append_printf (
    html, "%s%s%s%s<td>",
    (field->flags & MUSTER_FIELD_REQUIRED) ? " <span class=m>required</span>" : "",
    (field->flags & MUSTER_FIELD_NULLABLE) ? " <span class=m>or null</span>" : "",
    (field->flags & MUSTER_FIELD_READ_ONLY) ? " <span class=m>read-only</span>" : "",
    (field->flags & MUSTER_FIELD_SECRET) ? " <span class=m>never answered</span>" : "");
  append_escaped (html, field->doc);
}

static void
append_fields (GString *html, const char *title, const MusterField *fields, unsigned n_fields)
{
  if (n_fields == 0)
    return;
  g_string_append_printf (html, "<h4>%s</h4><table>", title);
  for (unsigned i = 0; i < n_fields; i++)
    append_field (html, &fields[i]);
  g_string_append (html, "</table>");
}

static void
append_shape (GString *html, const char *title, const MusterShape *shape)
{
  if (shape == NULL)
    return;
  if (shape->entity != NULL)
    {
      g_string_append_printf (html, "<h4>%s</h4>%s<a href=\"#schema-%s\">%s</a>", title,
                              shape->list ? "A list of " : "", shape->entity->schema,
                              shape->entity->schema);
      append_fields (html, "with", shape->fields, shape->n_fields);
      return;
    }
  if (shape->n_fields > 0)
    {
      g_autofree char *full = g_strdup_printf ("%s%s", title, shape->list ? ": a list of" : "");

      append_fields (html, full, shape->fields, shape->n_fields);
      return;
    }
  g_string_append_printf (html, "<h4>%s</h4>", title);
  append_escaped (html, shape->doc);
  g_string_append_printf (html, " <span class=m>%s</span>",
                          shape->media_type != NULL ? shape->media_type : "");
}

static void
append_operation (GString *html, const MusterRouteEntry *entry)
{
  const MusterRoute *route = entry->route;
  g_autofree char   *roles = muster_roles_to_string (entry->roles);

  g_string_append_printf (html, "<article id=\"%s\"><h3><span>%s</span> %s</h3>", route->operation,
                          route->method, route->path);
  append_escaped (html, route->summary);
  if (route->flags & MUSTER_ROUTE_PUBLIC)
    g_string_append (html, " <span class=m>Needs no token.</span>");
  else
    g_string_append_printf (html, " <span class=m>For: %s.</span>", roles);
  if (route->flags & MUSTER_ROUTE_LIST)
    g_string_append (
      html,
      " <span class=m>Takes <code>q</code>, <code>sort</code>, <code>limit</code>, <code>cursor</code> and every field as a filter.</span>");
  if (route->flags & MUSTER_ROUTE_UPDATE)
    g_string_append (html, " <span class=m>Takes <code>If-Match</code>.</span>");
  append_fields (html, "Parameters", route->query, route->n_query);
  append_shape (html, "Request", route->request);
  append_shape (html, "Answer", route->response);
  g_string_append (html, "</article>");
}

/* Calls EACH for every entry of the tags in turn, and TITLE before each tag's first. */
static void
for_each_tag (GPtrArray *entries,
              GString   *html,
              void (*title) (GString *html, const char *tag),
              void (*each) (GString *html, const MusterRouteEntry *entry))
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < entries->len; i++)
    {
      const char *tag = ((MusterRouteEntry *)entries->pdata[i])->route->tag;

      if (!g_hash_table_add (seen, (gpointer)tag))
        continue;
      title (html, tag);
      for (guint k = i; k < entries->len; k++)
        if (strcmp (((MusterRouteEntry *)entries->pdata[k])->route->tag, tag) == 0)
          each (html, entries->pdata[k]);
    }
}

static void
append_nav_title (GString *html, const char *tag)
{
  g_string_append_printf (html, "<b>%s</b>", tag);
}

static void
append_nav_link (GString *html, const MusterRouteEntry *entry)
{
  const MusterRoute *route = entry->route;

  g_string_append_printf (html, "<a href=\"#%s\">", route->operation);
  append_escaped (html, route->summary);
  g_string_append (html, "</a>");
}

static void
append_title (GString *html, const char *tag)
{
  g_string_append_printf (html, "<h2>%s</h2>", tag);
}

static void
append_schemas (GString *html, GPtrArray *entries)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  g_string_append (html, "<h2>Records</h2>");
  for (guint i = 0; i < entries->len; i++)
    {
      const MusterRoute *route = ((MusterRouteEntry *)entries->pdata[i])->route;
      const MusterShape *shapes[] = { route->response, route->request };

      for (guint k = 0; k < G_N_ELEMENTS (shapes); k++)
        if (shapes[k] != NULL && shapes[k]->entity != NULL &&
            g_hash_table_add (seen, (gpointer)shapes[k]->entity))
          {
            const MusterEntityInfo *info = shapes[k]->entity;

            g_string_append_printf (html, "<article id=\"schema-%s\"><h3>%s</h3>", info->schema,
                                    info->schema);
            append_escaped (html, info->doc);
            append_fields (html, "Fields", info->fields, info->n_fields);
            g_string_append (html, "</article>");
          }
    }
}

static void
append_problems (GString *html)
{
  g_string_append (
    html,
    "<h2 id=problems>Problems</h2><p>What goes wrong is told as a problem document (RFC 9457). "
    "<code>errors</code> has a row for each field that was refused, <code>allowed</code> the states allowed next.</p><table>"
    "<tr id=problem-method><td><code>method</code><td>405<td>The method is not taken");
  for (const MusterProblemKind *kind = muster_problem_list (); kind->status != 0; kind++)
    g_string_append_printf (html, "<tr id=problem-%s><td><code>%s</code><td>%u<td>%s", kind->name,
                            kind->name, kind->status, kind->title);
  g_string_append (html, "</table>");
}

GBytes *
muster_router_make_page (MusterRouter *router, const char *version)
{
  GString   *html = g_string_sized_new (64 * 1024);
  GPtrArray *entries = muster_router_get_entries (router);

  g_string_append_printf (
    html,
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
    "<title>Muster site API</title><style>%s</style><nav><a href=#top><strong>Muster %s</strong></a>",
    style, version);
  for_each_tag (entries, html, append_nav_title, append_nav_link);
  g_string_append (
    html,
    "<b>Reference</b><a href=#problems>Problems</a></nav><main id=top><h1>Site API</h1>"
    "<p>JSON over HTTP: on the daemon's Unix socket for users of this machine, on HTTPS with "
    "<code>Authorization: Bearer</code> for everyone else. Also as <a href=\"/openapi.json\">OpenAPI 3.1</a>.</p>");
  for_each_tag (entries, html, append_title, append_operation);
  append_schemas (html, entries);
  append_problems (html);
  g_string_append (html, "</main></html>");
  return g_string_free_to_bytes (html);
}
