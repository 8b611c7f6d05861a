/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-artifact-words.h"

static MusterEntity *
create (const char *models, const char *from, const char *to, const char *required, gboolean down)
{
  MusterEntity *artifact = muster_entity_new (&muster_firmware_artifact_info);

  muster_entity_set_string (artifact, "models", models);
  muster_entity_set_string (artifact, "hardware_from", from);
  muster_entity_set_string (artifact, "hardware_to", to);
  muster_entity_set_string (artifact, "requires_version", required);
  muster_entity_set_boolean (artifact, "allow_downgrade", down);
  return artifact;
}

static void
check (const char *models,
       const char *from,
       const char *to,
       const char *required,
       gboolean    down,
       const char *expected[3])
{
  g_autoptr (MusterEntity) artifact = create (models, from, to, required, down);
  g_autofree char *fits = muster_artifact_describe_models (artifact);
  g_autofree char *hardware = muster_artifact_describe_hardware (artifact);
  g_autofree char *versions = muster_artifact_describe_versions (artifact);

  g_assert_cmpstr (fits, ==, expected[0]);
  g_assert_cmpstr (hardware, ==, expected[1]);
  g_assert_cmpstr (versions, ==, expected[2]);
}

static void
test_words (void)
{
  check (NULL, NULL, NULL, NULL, FALSE,
         (const char *[]){ "Any", "Any", "Anything that is not newer" });
  check ("[\"TH-10\",\"TH-20\"]", "1", "3", "1.0.0", FALSE,
         (const char *[]){ "TH-10, TH-20", "1 to 3",
                           "1.0.0 and newer, but not over anything newer than itself" });
  check ("[]", "2", NULL, "1.0.0", TRUE,
         (const char *[]){ "Any", "From 2 on", "1.0.0 and everything newer" });
  check ("[3,\"X\"]", NULL, "4", NULL, TRUE, (const char *[]){ "X", "Up to 4", "Anything" });
}

static void
test_models (void)
{
  g_autofree char *several = muster_artifact_models_to_json (" TH-10 ,, TH-20");
  g_autofree char *none = muster_artifact_models_to_json (" , ");

  g_assert_cmpstr (several, ==, "[\"TH-10\",\"TH-20\"]");
  g_assert_null (none);
}

static void
check_difference (int format, int status, const char *manifest, const char *expected)
{
  g_autoptr (MusterEntity) artifact = create (NULL, NULL, NULL, NULL, FALSE);
  g_autofree char *text = NULL;

  muster_entity_set_enum (artifact, "format", format);
  muster_entity_set_enum (artifact, "status", status);
  muster_entity_set_string (artifact, "manifest", manifest);
  text = muster_artifact_describe_difference (artifact);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_difference (void)
{
  check_difference (MUSTER_FORMAT_IMAGE, MUSTER_ARTIFACT_READY, "{}",
                    "Nodes fetch only what is new to them");
  check_difference (MUSTER_FORMAT_BIN, MUSTER_ARTIFACT_READY, NULL, NULL);
  check_difference (MUSTER_FORMAT_SWU, MUSTER_ARTIFACT_READY, "{\"files\":[]}", NULL);
  check_difference (MUSTER_FORMAT_SWU, MUSTER_ARTIFACT_READY, "{\"chunks\":[\"a\"]}",
                    "Clients fetch only the chunks that are new to them");
  check_difference (MUSTER_FORMAT_SWU, MUSTER_ARTIFACT_DRAFT, "{\"chunks\":[\"a\"]}",
                    "Waits for the file of chunks that its sw-description names: upload it");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/artifact-words/words", test_words);
  g_test_add_func ("/artifact-words/models", test_models);
  g_test_add_func ("/artifact-words/difference", test_difference);
  return g_test_run ();
}
