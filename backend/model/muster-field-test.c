/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-device.h"
#include "muster-metric.h"

static const MusterField count = {
  "count", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1,
  1000,    .label = "Count",     .doc = "How many.", .unit = "pcs"
};
static const MusterField any = { "any", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, .label = "Any",
                                 .doc = "Any." };
static const MusterField ratio = { "ratio", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_PLAIN,
                                   .label = "Ratio", .doc = "Ratio." };
static const MusterField flag = { "flag", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = "Flag",
                                  .doc = "Flag." };
static const MusterField when = { "when", MUSTER_FIELD_TIME, MUSTER_FIELD_PLAIN, .label = "When",
                                  .doc = "When." };
static const MusterField where = {
  "where", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1,
  260,     .format = "address", .label = "Where",   .doc = "Where."
};
static const MusterField status = { "status",           MUSTER_FIELD_ENUM,
                                    MUSTER_FIELD_PLAIN, .enumeration = &muster_device_status_enum,
                                    .label = "Status",  .doc = "Status." };
static const MusterField extra = { "extra", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0,
                                   20,      .label = "Extra",  .doc = "Extra." };

typedef struct
{
  const MusterField *field;
  const char        *text;
  const char        *result; /* formatted again, or NULL: refused */
} Row;

static const Row rows[] = {
  { &count, "1", "1" },
  { &count, "1000", "1000" },
  { &count, "0", NULL },
  { &count, "1001", NULL },
  { &count, "", NULL },
  { &count, "1x", NULL },
  { &count, " 1", NULL },
  { &count, "1.5", NULL },
  { &any, "", "" },
  { &any, "-9223372036854775808", "-9223372036854775808" },
  { &any, "9223372036854775808", NULL },
  { &ratio, "0.1", "0.1" },
  { &ratio, "-1e3", "-1000" },
  { &ratio, "nan", NULL },
  { &ratio, "inf", NULL },
  { &ratio, "1,5", NULL },
  { &flag, "true", "true" },
  { &flag, "0", "false" },
  { &flag, "yes", NULL },
  { &when, "2026-01-31T08:05:09.123Z", "2026-01-31T08:05:09.123Z" },
  { &when, "now", NULL },
  { &where, "node.local", "node.local" },
  { &where, "192.0.2.7:8080", "192.0.2.7:8080" },
  { &where, "2001:db8::7", "2001:db8::7" },
  { &where, "[2001:db8::7]:80", "[2001:db8::7]:80" },
  { &where, "[2001:db8::7", NULL },
  { &where, "node:0", NULL },
  { &where, "node:70000", NULL },
  { &where, "no de", NULL },
  { &where, "http://node/", NULL },
  { &where, "-node", NULL },
  { &status, "sold", "sold" },
  { &status, "Sold", NULL },
  { &extra, "{\"a\":1}", "{\"a\":1}" },
  { &extra, "{", NULL },
  { &extra, "[1,2,3,4,5,6,7,8,9,10,11]", NULL },
};

static void
test_text (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  MusterValue value = { .is_null = TRUE };
  gboolean    ok = muster_field_decode_text (row->field, row->text, "x", &value, errors);

  g_assert_cmpint (ok, ==, row->result != NULL);
  g_assert_cmpuint (muster_field_errors_get_count (errors), ==, !ok);
  if (ok)
    {
      g_autofree char *text = muster_field_format_text (row->field, &value);

      g_assert_cmpstr (text, ==, row->result);
      muster_value_clear (row->field, &value);
    }
}

static void
test_schema (void)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;

  muster_field_append_schema (&count, json);
  g_assert_cmpstr (
    json->str, ==,
    "{\"description\":\"How many.\",\"type\":\"integer\",\"format\":\"int64\",\"minimum\":1,\"maximum\":1000,\"x-unit\":\"pcs\"}");
}

static void
test_entity_schema (void)
{
  g_autoptr (GString) request = g_string_new (NULL);
  g_autoptr (GString) answer = g_string_new (NULL);
  g_autoptr (JsonNode) asked = NULL;
  g_autoptr (JsonNode) given = NULL;
  JsonObject *members;

  muster_entity_info_append_schema (&muster_device_info, TRUE, request);
  muster_entity_info_append_schema (&muster_device_info, FALSE, answer);
  asked = json_from_string (request->str, NULL);
  given = json_from_string (answer->str, NULL);
  g_assert_nonnull (asked);
  g_assert_nonnull (given);
  members = json_object_get_object_member (json_node_get_object (asked), "properties");
  g_assert_true (json_object_has_member (members, "secret"));
  g_assert_false (json_object_has_member (members, "id"));
  members = json_object_get_object_member (json_node_get_object (given), "properties");
  g_assert_false (json_object_has_member (members, "secret"));
  g_assert_true (json_object_has_member (members, "live_state"));
  g_assert_cmpuint (json_array_get_length (
                      json_object_get_array_member (json_node_get_object (asked), "required")),
                    ==, 1);
}

static void
test_csv (void)
{
  g_autoptr (MusterEntity) metric = muster_entity_new (&muster_metric_info);
  g_autoptr (GString) csv = g_string_new (NULL);

  muster_entity_set_string (metric, "name", "=SUM(A1)");
  muster_entity_set_string (metric, "description", "a \"b\", c");
  muster_entity_set_double (metric, "minimum", -1);
  muster_entity_info_append_csv_header (&muster_metric_info, csv);
  muster_entity_append_csv (metric, csv);
  g_assert_cmpstr (
    csv->str, ==,
    "id,created_at,updated_at,revision,device_id,name,datatype,unit,minimum,maximum,writable,description,max_rate\r\n"
    ",,,1,,\"'=SUM(A1)\",double,,-1,,false,\"a \"\"b\"\", c\",\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/field/text/%u-%s", i, rows[i].field->name);

      g_test_add_data_func (path, &rows[i], test_text);
    }
  g_test_add_func ("/field/schema", test_schema);
  g_test_add_func ("/field/entity-schema", test_entity_schema);
  g_test_add_func ("/field/csv", test_csv);
  return g_test_run ();
}
