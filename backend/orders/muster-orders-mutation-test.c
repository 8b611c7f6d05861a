/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "muster-announced-units.h"
#include "muster-order-lines.h"
#include "muster-shipment-lines.h"
#include "muster-signature.h"

#define SECRET "5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YMYF"

static void
test_announced_text (void)
{
  static const char text[] =
    "serial;secret;mac\r\nA1; " SECRET " ;02:00:00:00:00:01\n\nB1-3, ~\n"
    "MUSTER:1:C1:5NRHCGNQ4TR480B2FJMZQB1JYMYF\n\"D 1\",02:00:00:00:00:02\n";
  static const char *const serials[] = { "A1", "B1", "B2", "B3", "B4", "C1", "D 1" };
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GPtrArray) units = muster_announced_units_new ();
  const MusterAnnouncedUnit *first = NULL;

  muster_announced_units_read_text (units, text, NULL, errors);
  g_assert_cmpuint (muster_field_errors_get_count (errors), ==, 0);
  g_assert_cmpuint (units->len, ==, G_N_ELEMENTS (serials));
  for (guint i = 0; i < units->len; i++)
    g_assert_cmpstr (((MusterAnnouncedUnit *)units->pdata[i])->serial, ==, serials[i]);
  first = units->pdata[0];
  g_assert_cmpstr (first->secret, ==, SECRET);
  g_assert_cmpstr (first->mac, ==, "02:00:00:00:00:01");
  g_assert_cmpstr (((MusterAnnouncedUnit *)units->pdata[5])->secret, ==, SECRET);
}

/* A label secret that was copied wrongly is told, not dropped. */
static void
test_damaged_secret (void)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GPtrArray) units = muster_announced_units_new ();

  muster_announced_units_read_text (units, "A1,5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YMYG", NULL, errors);
  g_assert_cmpuint (muster_field_errors_get_count (errors), ==, 1);
  g_assert_cmpuint (units->len, ==, 0);
}

static void
test_signature (void)
{
  static const struct
  {
    const char *json;
    const char *read; /* (nullable): refused */
  } cases[] = {
    { "[[[0,0.5],[1,0.12345]]]", "[[[0.0000,0.5000],[1.0000,0.1235]]]" },
    { "[]", NULL },
    { "[[]]", NULL },
    { "[[[0,1.1]]]", NULL },
    { "[[[0,\"1\"]]]", NULL },
    { "[[[0]]]", NULL },
    { "{}", NULL },
    { "[[[-0.1,0]]]", NULL },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      g_autoptr (JsonNode) node = json_from_string (cases[i].json, NULL);
      g_autofree char *read = muster_signature_read (node, errors);

      g_assert_cmpstr (read, ==, cases[i].read);
      g_assert_cmpuint (muster_field_errors_get_count (errors), ==, read == NULL);
    }
}

/* Reads whatever TEXT has become: nothing but an answer or rows may come of it. */
static void
read_all (const char *text)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GPtrArray) units = muster_announced_units_new ();
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (JsonNode) node = json_from_string (valid, NULL);
  g_autoptr (GPtrArray) lines = muster_order_lines_parse (node, errors);
  g_autoptr (GPtrArray) shipment = muster_shipment_lines_parse (node, "/lines", errors);
  g_autofree char *signature = muster_signature_read (node, errors);

  muster_announced_units_read_text (units, valid, "A1", errors);
}

static void
test_mutations (void)
{
  static const char *const seeds[] = {
    "[{\"product_id\":\"01900000-0000-7000-8000-000000000000\",\"quantity\":3,\"unit_price\":\"1.5\"},{\"kind\":\"tax\",\"rate\":1900}]",
    "[{\"order_item_id\":\"01900000-0000-7000-8000-000000000000\",\"quantity\":2,\"device_ids\":[\"01900000-0000-7000-8000-000000000001\"]}]",
    "[[[0,0.5],[1,1]],[[0.25,0.25]]]",
    "serial,secret\nA1," SECRET "\nB1-3,~\nMUSTER:1:C1:5NRHCGNQ4TR480B2FJMZQB1JYMYF",
  };

  for (unsigned round = 0; round < 8000; round++)
    {
      g_autofree char *text = g_strdup (seeds[round % G_N_ELEMENTS (seeds)]);
      gsize            length = strlen (text);

      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
        text[g_test_rand_int_range (0, length)] = g_test_rand_int_range (1, 256);
      read_all (text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/orders/announced-text", test_announced_text);
  g_test_add_func ("/orders/damaged-secret", test_damaged_secret);
  g_test_add_func ("/orders/signature", test_signature);
  g_test_add_func ("/orders/mutations", test_mutations);
  return g_test_run ();
}
