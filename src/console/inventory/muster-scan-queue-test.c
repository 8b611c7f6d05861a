/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/muster-api-json.h"
#include "inventory/muster-scan-queue.h"

static const char *
get_code (JsonArray *scans, unsigned index)
{
  return muster_api_json_get_string (json_array_get_object_element (scans, index), "code");
}

static void
test_order (void)
{
  g_autoptr (MusterScanQueue) queue = muster_scan_queue_new (NULL);
  g_autoptr (JsonArray) two = NULL;
  g_autoptr (JsonArray) rest = NULL;

  muster_scan_queue_add (queue, "A1", 1, NULL);
  muster_scan_queue_add (queue, "A2", 3, "01890a5d-ac96-774b-bcce-b302099a8057");
  muster_scan_queue_add (queue, "A3", -1, NULL);
  two = muster_scan_queue_peek (queue, 2);
  g_assert_cmpuint (json_array_get_length (two), ==, 2);
  g_assert_cmpstr (get_code (two, 0), ==, "A1");
  g_assert_cmpint (muster_api_json_get_integer (json_array_get_object_element (two, 1), "quantity",
                                                0),
                   ==, 3);
  g_assert_nonnull (
    muster_api_json_get_string (json_array_get_object_element (two, 1), "location_id"));
  muster_scan_queue_drop (queue, 2);
  rest = muster_scan_queue_peek (queue, 100);
  g_assert_cmpuint (json_array_get_length (rest), ==, 1);
  g_assert_cmpstr (get_code (rest, 0), ==, "A3");
}

static void
test_text (void)
{
  g_autoptr (MusterScanQueue) queue = muster_scan_queue_new (NULL);
  g_autoptr (MusterScanQueue) again = muster_scan_queue_new (NULL);
  g_autoptr (JsonArray) scans = NULL;
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;

  muster_scan_queue_add (queue, "weird \"code\"\t€", 1, NULL);
  muster_scan_queue_add (queue, "B2", 12, NULL);
  text = muster_scan_queue_to_text (queue);
  muster_scan_queue_take_text (again, text);
  second = muster_scan_queue_to_text (again);
  g_assert_cmpstr (text, ==, second);
  scans = muster_scan_queue_peek (again, 10);
  g_assert_cmpstr (get_code (scans, 0), ==, "weird \"code\"\t€");
}

/* A file that was cut off, or that somebody edited. */
static void
test_damaged (void)
{
  g_autoptr (MusterScanQueue) queue = muster_scan_queue_new (NULL);
  g_autoptr (JsonArray) scans = NULL;

  muster_scan_queue_add (queue, "new", 1, NULL);
  muster_scan_queue_take_text (
    queue, "\n"
           "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"code\":\"old\",\"quantity\":1}\n"
           "[1,2]\n"
           "{\"id\":\"no uuid\",\"code\":\"x\"}\n"
           "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8058\"}\n"
           "{\"id\":\"01890a5d-ac96-774b-bcce-b302099a8059\",\"co");
  scans = muster_scan_queue_peek (queue, 10);
  g_assert_cmpuint (json_array_get_length (scans), ==, 2);
  g_assert_cmpstr (get_code (scans, 0), ==, "old");
  g_assert_cmpstr (get_code (scans, 1), ==, "new");
}

static void
wait_for_file (GFile *file, const char *wanted)
{
  gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end)
    {
      g_autofree char *text = NULL;

      g_main_context_iteration (NULL, FALSE);
      if (g_file_load_contents (file, NULL, &text, NULL, NULL, NULL) &&
          (*wanted == '\0' ? *text == '\0' : strstr (text, wanted) != NULL))
        return;
      g_usleep (1000);
    }
  g_assert_not_reached ();
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("muster-scans-XXXXXX", NULL);
  g_autoptr (GFile) file = g_file_new_build_filename (folder, "count.jsonl", NULL);
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autoptr (MusterScanQueue) queue = muster_scan_queue_new (file);
  g_autoptr (MusterScanQueue) again = NULL;

  for (unsigned i = 0; i < 50; i++)
    {
      g_autofree char *code = g_strdup_printf ("C%02u", i);

      muster_scan_queue_add (queue, code, 1, NULL);
    }
  wait_for_file (file, "\"C49\"");
  again = muster_scan_queue_new (file);
  while (muster_scan_queue_get_length (again) < 50)
    g_main_context_iteration (NULL, TRUE);
  muster_scan_queue_drop (queue, 50);
  wait_for_file (file, "");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_file_delete (file, NULL, NULL);
  g_file_delete (parent, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-queue/order", test_order);
  g_test_add_func ("/scan-queue/text", test_text);
  g_test_add_func ("/scan-queue/damaged", test_damaged);
  g_test_add_func ("/scan-queue/file", test_file);
  return g_test_run ();
}
