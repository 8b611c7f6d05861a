/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-entity-schema"

#include "config.h"

#include "muster-entity.h"

static const char *
json_type (MusterFieldType type)
{
  switch (type)
    {
    case MUSTER_FIELD_INTEGER:
      return "integer";
    case MUSTER_FIELD_DOUBLE:
      return "number";
    case MUSTER_FIELD_BOOLEAN:
      return "boolean";
    case MUSTER_FIELD_JSON:
      return NULL;
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_ENUM:
    case MUSTER_FIELD_TIME:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_MONEY:
    default:
      return "string";
    }
}

static const char *
json_format (const MusterField *field)
{
  if (field->type == MUSTER_FIELD_TIME)
    return "date-time";
  if (field->type == MUSTER_FIELD_UUID)
    return "uuid";
  if (field->type == MUSTER_FIELD_INTEGER)
    return "int64";
  if (field->type == MUSTER_FIELD_DOUBLE)
    return "double";
  if (field->type == MUSTER_FIELD_MONEY)
    return "decimal";
  return field->format;
}

static void
append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  muster_json_append_string (json, text, -1);
}

static void
append_bounds (const MusterField *field, GString *json)
{
  if (field->type == MUSTER_FIELD_INTEGER && (field->minimum != 0 || field->maximum != 0))
    {
      g_string_append_printf (json, ",\"minimum\":%" G_GINT64_FORMAT, field->minimum);
      if (field->maximum != G_MAXINT64)
        g_string_append_printf (json, ",\"maximum\":%" G_GINT64_FORMAT, field->maximum);
    }
  if (field->type == MUSTER_FIELD_STRING || field->type == MUSTER_FIELD_TEXT)
    {
      if (field->minimum > 0)
        g_string_append_printf (json, ",\"minLength\":%" G_GINT64_FORMAT, field->minimum);
      if (field->maximum > 0)
        g_string_append_printf (json, ",\"maxLength\":%" G_GINT64_FORMAT, field->maximum);
    }
}

static void
append_enum (const MusterField *field, GString *json)
{
  gboolean nullable = field->flags & MUSTER_FIELD_NULLABLE;

  g_string_append (json, ",\"enum\":[");
  for (unsigned i = 0; i < muster_enum_get_count (field->enumeration); i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, muster_enum_get_nick (field->enumeration, i), -1);
    }
  g_string_append (json, nullable ? ",null]" : "]");
}

void
muster_field_append_schema (const MusterField *field, GString *json)
{
  const char *type;

  g_return_if_fail (field != NULL && json != NULL);

  type = json_type (field->type);
  g_string_append (json, "{\"description\":");
  muster_json_append_string (json, field->doc ? field->doc : "", -1);
  if (field->type == MUSTER_FIELD_MONEY)
    /* Written as a string; whoever sends one may send a number. */
    g_string_append (json, (field->flags & MUSTER_FIELD_NULLABLE)
                             ? ",\"type\":[\"string\",\"number\",\"null\"]"
                             : ",\"type\":[\"string\",\"number\"]");
  else if (type != NULL)
    g_string_append_printf (json,
                            (field->flags & MUSTER_FIELD_NULLABLE) ? ",\"type\":[\"%s\",\"null\"]"
                                                                   : ",\"type\":\"%s\"",
                            type);
  if (json_format (field) != NULL)
    append_member (json, "format", json_format (field));
  append_bounds (field, json);
  if (field->type == MUSTER_FIELD_ENUM)
    append_enum (field, json);
  if (field->flags & MUSTER_FIELD_READ_ONLY)
    g_string_append (json, ",\"readOnly\":true");
  if (field->flags & MUSTER_FIELD_SECRET)
    g_string_append (json, ",\"writeOnly\":true");
  if (field->unit != NULL)
    append_member (json, "x-unit", field->unit);
  if (field->references != NULL)
    append_member (json, "x-references", field->references);
  g_string_append_c (json, '}');
}

static gboolean
stands_in_schema (const MusterField *field, gboolean for_request)
{
  return !(field->flags & (for_request ? MUSTER_FIELD_READ_ONLY : MUSTER_FIELD_SECRET));
}

void
muster_entity_info_append_schema (const MusterEntityInfo *info, gboolean for_request, GString *json)
{
  char     separator = '{';
  gboolean first = TRUE;

  g_return_if_fail (info != NULL && json != NULL);

  g_string_append (json, "{\"type\":\"object\",\"description\":");
  muster_json_append_string (json, info->doc, -1);
  g_string_append (json, ",\"properties\":");
  for (unsigned i = 0; i < info->n_fields; i++)
    if (stands_in_schema (&info->fields[i], for_request))
      {
        g_string_append_printf (json, "%c\"%s\":", separator, info->fields[i].name);
        muster_field_append_schema (&info->fields[i], json);
        separator = ',';
      }
  g_string_append (json, separator == '{' ? "{}" : "}");
  /* An answer always has every member; a request must have what creation needs. */
  for (unsigned i = 0; i < info->n_fields; i++)
    if (stands_in_schema (&info->fields[i], for_request) &&
        (!for_request || (info->fields[i].flags & MUSTER_FIELD_REQUIRED)))
      {
        g_string_append_printf (json, "%s\"%s\"", first ? ",\"required\":[" : ",",
                                info->fields[i].name);
        first = FALSE;
      }
  g_string_append (json, first ? "" : "]");
  g_string_append (json, for_request ? ",\"additionalProperties\":false}" : "}");
}
