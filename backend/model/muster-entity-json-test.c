/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-device-event.h"
#include "muster-device.h"
#include "muster-metric.h"
#include "muster-person.h"
#include "muster-site.h"

static JsonObject *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  return json_node_dup_object (node);
}

static gboolean
decode (MusterEntity    *entity,
        const char      *text,
        MusterDecodeMode mode,
        const char      *prefix,
        GError         **error)
{
  g_autoptr (JsonObject) object = parse (text);

  return muster_entity_decode (entity, object, mode, prefix, error);
}

typedef struct
{
  const MusterEntityInfo *info;
  const char             *json;
  MusterDecodeMode        mode;
  const char             *pointer;
  const char             *detail;
} Refusal;

/* clang-format off */
static const Refusal refusals[] = {
  { &muster_device_info, "{}", MUSTER_DECODE_CREATE, "/name", "is required" },
  { &muster_device_info, "{\"name\":null}", MUSTER_DECODE_CREATE, "/name", "must not be null" },
  { &muster_device_info, "{\"name\":7}", MUSTER_DECODE_CREATE, "/name", "must be a string" },
  { &muster_device_info, "{\"name\":\"\"}", MUSTER_DECODE_CREATE, "/name", "must not be empty" },
  { &muster_device_info, "{\"name\":\"a\\u0007b\"}", MUSTER_DECODE_CREATE, "/name", "must not contain control characters" },
  { &muster_device_info, "{\"name\":\"a\\nb\"}", MUSTER_DECODE_CREATE, "/name", "must not contain control characters" },
  { &muster_device_info, "{\"name\":\"a\",\"colour\":1}", MUSTER_DECODE_CREATE, "/colour", "is not a field of Device" },
  { &muster_device_info, "{\"name\":\"a\",\"a/b~c\":1}", MUSTER_DECODE_CREATE, "/a~1b~0c", "is not a field of Device" },
  { &muster_device_info, "{\"name\":\"a\",\"status\":\"lost\"}", MUSTER_DECODE_CREATE, "/status", "must be one of in_stock, reserved, sold, deployed, maintenance, defective, retired" },
  { &muster_device_info, "{\"name\":\"a\",\"mac\":\"02-00-5e-10-00-01\"}", MUSTER_DECODE_CREATE, "/mac", "must be six pairs of lower-case hexadecimal digits joined by colons, like 02:00:5e:10:00:01" },
  { &muster_device_info, "{\"name\":\"a\",\"secret\":\"1234\"}", MUSTER_DECODE_CREATE, "/secret", "must be the 28 characters of the label, hyphens optional" },
  { &muster_device_info, "{\"name\":\"a\",\"adoption\":\"adopted\"}", MUSTER_DECODE_CREATE, "/adoption", "is read-only: leave it out" },
  { &muster_device_info, "{\"revision\":99}", MUSTER_DECODE_REPLACE, "/revision", "is read-only: leave it out" },
  { &muster_device_info, "{\"last_seen\":\"yesterday\"}", MUSTER_DECODE_REPLACE, "/last_seen", "must be a time like 2026-01-31T08:05:09.123Z" },
  { &muster_device_info, "{\"id\":\"42\"}", MUSTER_DECODE_REPLACE, "/id", "must be a UUID" },
  { &muster_metric_info, "{\"name\":\"other\"}", MUSTER_DECODE_REPLACE, "/name", "cannot be changed after creation" },
  { &muster_metric_info, "{\"minimum\":\"low\"}", MUSTER_DECODE_REPLACE, "/minimum", "must be a number" },
  { &muster_metric_info, "{\"minimum\":1e999}", MUSTER_DECODE_REPLACE, "/minimum", "must be a finite number" },
  { &muster_metric_info, "{\"writable\":1}", MUSTER_DECODE_REPLACE, "/writable", "must be true or false" },
  { &muster_person_info, "{\"email\":\"nobody\"}", MUSTER_DECODE_REPLACE, "/email", "must be an e-mail address" },
  { &muster_person_info, "{\"email\":[\"a@b\"]}", MUSTER_DECODE_REPLACE, "/email", "must be a string" },
  { &muster_site_info, "{\"timezone\":\"Mars/Olympus\"}", MUSTER_DECODE_REPLACE, "/timezone", "must be an IANA time zone, like Europe/Berlin" },
};
/* clang-format on */

static void
test_refusal (gconstpointer data)
{
  const Refusal *row = data;
  g_autoptr (MusterEntity) entity = muster_entity_new (row->info);
  g_autoptr (MusterEntity) before = muster_entity_copy (entity);
  g_autoptr (GError) error = NULL;
  const MusterFieldError *field;

  g_assert_false (decode (entity, row->json, row->mode, "", &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_assert_cmpuint (muster_error_get_fields (error)->len, ==, 1);
  field = muster_error_get_fields (error)->pdata[0];
  g_assert_cmpstr (field->pointer, ==, row->pointer);
  g_assert_cmpstr (field->detail, ==, row->detail);
  g_assert_true (muster_entity_equal (entity, before));
}

static void
test_lengths (void)
{
  g_autoptr (MusterEntity) entity = muster_entity_new (&muster_device_info);
  g_autoptr (GError) error = NULL;
  g_autofree char *long_name = g_strnfill (121, 'x');
  g_autofree char *json = g_strdup_printf ("{\"name\":\"%s\"}", long_name);

  g_assert_false (decode (entity, json, MUSTER_DECODE_CREATE, "/items/2", &error));
  g_assert_cmpstr (error->message, ==, "/items/2/name: must have at most 120 characters, has 121");
  g_clear_error (&error);
  long_name[120] = '\0';
  g_free (g_steal_pointer (&json));
  json = g_strdup_printf ("{\"name\":\"%s\"}", long_name);
  g_assert_true (decode (entity, json, MUSTER_DECODE_CREATE, "", &error));
  g_assert_no_error (error);
}

/* Many wrong fields are told at once, in the order of the body, and nothing is half set. */
static void
test_all_at_once (void)
{
  g_autoptr (MusterEntity) entity = muster_entity_new (&muster_device_info);
  g_autoptr (GError) error = NULL;

  g_assert_false (decode (entity, "{\"location\":\"Hall 1\",\"kind\":\"x\",\"serial\":5,\"odd\":1}",
                          MUSTER_DECODE_CREATE, "", &error));
  g_assert_cmpuint (muster_error_get_fields (error)->len, ==, 4);
  g_assert_cmpstr (((MusterFieldError *)muster_error_get_fields (error)->pdata[0])->pointer, ==,
                   "/name");
  g_assert_cmpstr (((MusterFieldError *)muster_error_get_fields (error)->pdata[2])->pointer, ==,
                   "/serial");
  g_assert_null (muster_entity_get_string (entity, "location"));
}

static void
test_round_trip (void)
{
  g_autoptr (MusterEntity) entity = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) back = NULL;
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;

  muster_entity_set_string (entity, "id", "0192e4a0-7b1c-7def-8abc-0123456789ab");
  muster_entity_set_string (entity, "name", "L\"amp\\ \x7f ⌘");
  muster_entity_set_string (entity, "secret", "0000-0000-0000-0000-0000-0000-0000");
  muster_entity_set_integer (entity, "created_at", G_GINT64_CONSTANT (1767225909123000));
  muster_entity_set_integer (entity, "updated_at", G_GINT64_CONSTANT (1767225909124000));
  muster_entity_set_enum (entity, "status", MUSTER_DEVICE_STATUS_DEPLOYED);
  muster_entity_encode (entity, json);
  g_assert_null (strstr (json->str, "secret"));
  object = parse (json->str);
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, "L\"amp\\ \x7f ⌘");
  g_assert_cmpstr (json_object_get_string_member (object, "created_at"), ==,
                   "2026-01-01T00:05:09.123Z");
  back = muster_entity_new_from_json (&muster_device_info, object, &error);
  g_assert_no_error (error);
  muster_entity_set_string (back, "secret", muster_entity_get_string (entity, "secret"));
  g_assert_true (muster_entity_equal (entity, back));
  /* What was read may be sent back whole. */
  g_assert_true (muster_entity_decode (entity, object, MUSTER_DECODE_REPLACE, "", &error));
  g_assert_no_error (error);
}

static void
test_trusted_is_lenient (void)
{
  g_autoptr (JsonObject) object = parse (
    "{\"name\":\"Lamp\",\"status\":\"melted\",\"brand_new\":[1,2],\"adoption\":\"adopted\"}");
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) entity =
              muster_entity_new_from_json (&muster_device_info, object, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (muster_entity_get_string (entity, "name"), ==, "Lamp");
  g_assert_cmpstr (muster_entity_get_string (entity, "status"), ==, "in_stock");
  g_assert_cmpint (muster_entity_get_enum (entity, "adoption"), ==, MUSTER_ADOPTION_ADOPTED);
}

static void
test_json_field (void)
{
  g_autoptr (MusterEntity) event = muster_entity_new (&muster_device_event_info);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GString) deep = g_string_new ("{\"data\":");
  g_autoptr (GError) error = NULL;

  g_assert_true (
    decode (event, "{\"data\":{\"a\":[1,2.5,null,\"x\"]}}", MUSTER_DECODE_REPLACE, "", &error));
  muster_entity_encode (event, json);
  g_assert_nonnull (strstr (json->str, "\"data\":{\"a\":[1,2.5,null,\"x\"]}"));
  for (int i = 0; i < 40; i++)
    g_string_append_c (deep, '[');
  for (int i = 0; i < 40; i++)
    g_string_append_c (deep, ']');
  g_string_append_c (deep, '}');
  g_assert_false (decode (event, deep->str, MUSTER_DECODE_REPLACE, "", &error));
  g_assert_cmpstr (error->message, ==, "/data: must not be nested deeper than 32 levels");
}

static void
test_doubles (void)
{
  static const double values[] = {
    0, -0.5, 0.1, 21.5, 1e-7, 1.0 / 3, 1e300, 5e-324, 9007199254740993.0, -1e15, 123456789.125
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GString) json = g_string_new (NULL);

      muster_json_append_double (json, values[i]);
      g_assert_cmpfloat (g_ascii_strtod (json->str, NULL), ==, values[i]);
    }
}

static char *
dup_double (double value)
{
  GString *json = g_string_new (NULL);

  muster_json_append_double (json, value);
  return g_string_free (json, FALSE);
}

/* What people wrote with few decimals comes back as it was written; all else as the same bits. */
static void
test_decimals (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (int i = 0; i < 100000; i++)
    {
      g_autofree char *text =
        g_strdup_printf ("%s%d.%0*d", i % 2 ? "-" : "", g_rand_int_range (rand, 0, 100000),
                         i % 6 + 1, g_rand_int_range (rand, 0, 10) * 10 + 1);
      double           value = g_ascii_strtod (text, NULL);
      double           other = g_rand_double_range (rand, -1000, 1000);
      g_autofree char *written = dup_double (value);
      g_autofree char *other_written = dup_double (other);

      g_assert_cmpstr (written, ==, text);
      g_assert_cmpfloat (g_ascii_strtod (other_written, NULL), ==, other);
    }
}

static void
test_integers (void)
{
  static const gint64 values[] = { 0, -1, 7, 10, G_MAXINT64, G_MININT64, -1234567890123 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GString) json = g_string_new (NULL);
      g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT, values[i]);

      muster_json_append_integer (json, values[i]);
      g_assert_cmpstr (json->str, ==, expected);
    }
}

static void
test_invalid_utf8 (void)
{
  g_autoptr (GString) json = g_string_new (NULL);

  muster_json_append_string (json, "a\xffz", -1);
  g_assert_cmpstr (json->str, ==, "\"a\xef\xbf\xbdz\"");
}

/* Whatever stands in a body: an answer, never a crash, and what was taken can be read back. */
static void
test_mutated_bodies (void)
{
  static const char seed[] =
    "{\"name\":\"Lamp 3\",\"kind\":\"light\",\"serial\":\"A-17\",\"mac\":\"02:00:5e:10:00:01\",\"notes\":\"x\\ny\"}";
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (int round = 0; round < 20000; round++)
    {
      g_autofree char *text = g_memdup2 (seed, sizeof seed);
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (MusterEntity) entity = muster_entity_new (&muster_device_info);
      g_autoptr (GString) json = g_string_new (NULL);

      for (int i = g_rand_int_range (rand, 1, 6); i > 0; i--)
        text[g_rand_int_range (rand, 0, sizeof seed - 1)] = g_rand_int_range (rand, 1, 256);
      if (!g_utf8_validate (text, -1, NULL))
        continue;
      node = json_from_string (text, NULL);
      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
          !muster_entity_decode (entity, json_node_get_object (node), MUSTER_DECODE_CREATE, "",
                                 NULL))
        continue;
      muster_entity_encode (entity, json);
      g_clear_pointer (&node, json_node_unref);
      node = json_from_string (json->str, NULL);
      g_assert_nonnull (node);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/entity-json/refuse/%u%s", i, refusals[i].pointer);

      g_test_add_data_func (path, &refusals[i], test_refusal);
    }
  g_test_add_func ("/entity-json/lengths", test_lengths);
  g_test_add_func ("/entity-json/all-at-once", test_all_at_once);
  g_test_add_func ("/entity-json/round-trip", test_round_trip);
  g_test_add_func ("/entity-json/trusted-is-lenient", test_trusted_is_lenient);
  g_test_add_func ("/entity-json/json-field", test_json_field);
  g_test_add_func ("/entity-json/doubles", test_doubles);
  g_test_add_func ("/entity-json/decimals", test_decimals);
  g_test_add_func ("/entity-json/integers", test_integers);
  g_test_add_func ("/entity-json/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/entity-json/mutated-bodies", test_mutated_bodies);
  return g_test_run ();
}
