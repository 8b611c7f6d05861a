/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-candidate.h"
#include "muster-device-command.h"
#include "muster-device-event.h"
#include "muster-device-group-member.h"
#include "muster-device-group.h"
#include "muster-device.h"
#include "muster-ignored-candidate.h"
#include "muster-manual-address.h"
#include "muster-metric.h"
#include "muster-person.h"
#include "muster-site.h"

static const MusterEntityInfo *const infos[] = {
  &muster_candidate_info,
  &muster_device_command_info,
  &muster_device_event_info,
  &muster_device_group_info,
  &muster_device_group_member_info,
  &muster_device_info,
  &muster_ignored_candidate_info,
  &muster_manual_address_info,
  &muster_metric_info,
  &muster_person_info,
  &muster_site_info,
};

/* What every table must keep to, so that the parts which walk it need no checks. */
static void
test_tables (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    {
      g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

      g_assert_nonnull (infos[i]->get_type);
      g_assert_cmpint (muster_entity_info_find (infos[i], "id"), ==, MUSTER_ENTITY_FIELD_ID);
      g_assert_cmpint (muster_entity_info_find (infos[i], "revision"), ==,
                       MUSTER_ENTITY_FIELD_REVISION);
      g_assert_cmpint (muster_entity_info_find (infos[i], infos[i]->title_field), >, 0);
      g_assert_cmpint (muster_entity_info_find (infos[i], "no_such_field"), ==, -1);
      for (unsigned f = 0; f < infos[i]->n_fields; f++)
        {
          const MusterField *field = &infos[i]->fields[f];

          g_assert_true (g_hash_table_add (names, (gpointer)field->name));
          g_assert_true (g_regex_match_simple ("^[a-z][a-z0-9_]*$", field->name, 0, 0));
          g_assert_nonnull (field->label);
          g_assert_true (g_str_has_suffix (field->doc, ".") || strchr (field->doc, ':') != NULL);
          g_assert_cmpint (field->type == MUSTER_FIELD_ENUM, ==, field->enumeration != NULL);
          g_assert_false ((field->flags & MUSTER_FIELD_REQUIRED) &&
                          (field->flags & (MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY)));
          if (field->enumeration != NULL)
            g_assert_cmpint (field->default_value, <, muster_enum_get_count (field->enumeration));
        }
    }
}

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  ++*(int *)user_data;
}

static void
test_properties (void)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autofree char *name = NULL;
  g_autofree char *status = NULL;
  gint64           seen = 0;
  int              notified = 0;

  g_assert_true (MUSTER_IS_DEVICE (device));
  g_assert_true (muster_entity_is_null (device, "name"));
  g_assert_cmpstr (muster_entity_get_string (device, "status"), ==, "in_stock");
  g_assert_cmpstr (muster_entity_get_string (device, "kind"), ==, "other");
  g_signal_connect (device, "notify::name", G_CALLBACK (count_cb), &notified);
  muster_entity_set_string (device, "name", "Lamp");
  muster_entity_set_string (device, "name", "Lamp");
  g_assert_cmpint (notified, ==, 1);
  g_object_set (device, "name", "Lamp 2", "status", "deployed", "last-seen", G_GINT64_CONSTANT (77),
                NULL);
  g_assert_cmpint (notified, ==, 2);
  g_object_get (device, "name", &name, "status", &status, "last-seen", &seen, NULL);
  g_assert_cmpstr (name, ==, "Lamp 2");
  g_assert_cmpstr (status, ==, "deployed");
  g_assert_cmpint (muster_entity_get_enum (device, "status"), ==, MUSTER_DEVICE_STATUS_DEPLOYED);
  g_assert_cmpint (seen, ==, 77);
  muster_entity_set_null (device, "name");
  g_assert_null (muster_entity_get_string (device, "name"));
  g_assert_cmpint (muster_entity_get_revision (device), ==, 1);
}

static void
test_numbers (void)
{
  g_autoptr (MusterEntity) metric = muster_entity_new (&muster_metric_info);

  g_assert_true (isnan (muster_entity_get_double (metric, "minimum")));
  muster_entity_set_double (metric, "minimum", -40.5);
  g_assert_cmpfloat (muster_entity_get_double (metric, "minimum"), ==, -40.5);
  muster_entity_set_double (metric, "minimum", NAN);
  g_assert_true (muster_entity_is_null (metric, "minimum"));
  muster_entity_set_boolean (metric, "writable", 17);
  g_assert_true (muster_entity_get_boolean (metric, "writable"));
  g_assert_cmpint (muster_entity_get_integer (metric, "writable"), ==, 1);
}

static void
test_copy_and_equal (void)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) person = muster_entity_new (&muster_person_info);
  g_autoptr (MusterEntity) copy = NULL;

  muster_entity_set_string (device, "name", "Lamp");
  copy = muster_entity_copy (device);
  g_assert_true (muster_entity_equal (device, copy));
  muster_entity_set_string (copy, "notes", "");
  g_assert_false (muster_entity_equal (device, copy));
  g_assert_false (muster_entity_equal (device, person));
  muster_entity_set_string (copy, "notes", NULL);
  g_assert_true (muster_entity_equal (copy, device));
}

static void
test_programmers_errors (void)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  g_test_expect_message ("muster-entity", G_LOG_LEVEL_CRITICAL, "device has no field colour");
  g_assert_null (muster_entity_get_string (device, "colour"));
  g_test_assert_expected_messages ();
  g_test_expect_message ("muster-entity", G_LOG_LEVEL_CRITICAL, "*parsed >= 0*");
  muster_entity_set_string (device, "status", "lost");
  g_test_assert_expected_messages ();
  g_assert_cmpstr (muster_entity_get_string (device, "status"), ==, "in_stock");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entity/tables", test_tables);
  g_test_add_func ("/entity/properties", test_properties);
  g_test_add_func ("/entity/numbers", test_numbers);
  g_test_add_func ("/entity/copy-and-equal", test_copy_and_equal);
  g_test_add_func ("/entity/programmers-errors", test_programmers_errors);
  return g_test_run ();
}
