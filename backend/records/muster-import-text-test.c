/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "model/muster-product.h"
#include "muster-attachment-store.h"
#include "muster-import-plan.h"

static const MusterField *
field_of (const MusterEntityInfo *info, const char *name)
{
  int index = muster_entity_info_find (info, name);

  g_assert_cmpint (index, >=, 0);
  return &info->fields[index];
}

static const struct
{
  const MusterEntityInfo *info;
  const char             *field;
  const char             *text;
  gboolean                comma;
  MusterImportDateFormat  dates;
  const char             *result;
} texts[] = {
  { &muster_product_info, "unit_price", " 1.234,50 € ", TRUE, 0, "1234.50" },
  { &muster_product_info, "unit_price", "$1,234.50", FALSE, 0, "1234.50" },
  { &muster_product_info, "unit_price", "1'234.5", FALSE, 0, "1234.5" },
  { &muster_product_info, "reorder_point", "-5", FALSE, 0, "-5" },
  { &muster_product_info, "reorder_point", "five", FALSE, 0, "five" },
  { &muster_product_info, "discontinued", "Ja", FALSE, 0, "true" },
  { &muster_product_info, "discontinued", "perhaps", FALSE, 0, "perhaps" },
  { &muster_device_info, "status", "In Stock", FALSE, 0, "in_stock" },
  { &muster_device_info, "status", "somewhere", FALSE, 0, "somewhere" },
  { &muster_device_info, "mac", "02-00-5E-10-00-07", FALSE, 0, "02:00:5e:10:00:07" },
  { &muster_device_info, "mac", "02005e100007", FALSE, 0, "02:00:5e:10:00:07" },
  { &muster_device_info, "mac", "02", FALSE, 0, "02" },
  { &muster_device_info, "notes", "'=1+1", FALSE, 0, "=1+1" },
  { &muster_device_info, "notes", "'tis", FALSE, 0, "'tis" },
  { &muster_device_info, "received_at", "2026-01-02T03:04:05Z", FALSE, 0, "2026-01-02T03:04:05Z" },
  { &muster_device_info, "received_at", "never", FALSE, 0, "never" },
  { &muster_device_info, "received_at", "99.99.2026", FALSE, MUSTER_IMPORT_DATE_DMY, "99.99.2026" },
};

static void
test_texts (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *result =
        muster_import_convert_text (field_of (texts[i].info, texts[i].field), texts[i].text,
                                    texts[i].comma, texts[i].dates);

      g_assert_cmpstr (result, ==, texts[i].result);
    }
}

/* The same day however it is written. */
static void
test_days (void)
{
  const MusterField *field = field_of (&muster_device_info, "received_at");
  g_autofree char   *iso =
    muster_import_convert_text (field, "2026-12-31", FALSE, MUSTER_IMPORT_DATE_ISO);
  g_autofree char *dmy =
    muster_import_convert_text (field, "31.12.2026", FALSE, MUSTER_IMPORT_DATE_DMY);
  g_autofree char *mdy =
    muster_import_convert_text (field, "12/31/26", FALSE, MUSTER_IMPORT_DATE_MDY);
  g_autofree char *ymd =
    muster_import_convert_text (field, "2026/12/31", FALSE, MUSTER_IMPORT_DATE_YMD);

  g_assert_true (g_str_has_suffix (iso, ":00.000Z"));
  g_assert_cmpstr (dmy, ==, iso);
  g_assert_cmpstr (mdy, ==, iso);
  g_assert_cmpstr (ymd, ==, iso);
}

static void
test_guesses (void)
{
  static const struct
  {
    const char *kind, *heading, *field;
  } guesses[] = {
    { "device", "serial", "serial" },
    { "device", "Serial number", "serial" },
    { "device", "SERIEN-NR.", "serial" },
    { "device", "Gerät", "name" },
    { "device", "MAC", "mac" },
    { "device", "Artikelnummer", "product_id" },
    { "device", "location_id.path", "location_id.path" },
    { "device", "location_id.notes", NULL },
    { "device", "adoption", NULL },
    { "device", "revision", NULL },
    { "device", "id", "id" },
    { "device", "whatever", NULL },
    { "device", "", NULL },
    { "product", "Artikelnummer", "sku" },
    { "product", "EAN", "gtin" },
    { "product", "Stückpreis", "unit_price" },
    { "location", "Kürzel", "code" },
    { "batch", "Charge", "number" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (guesses); i++)
    {
      g_autofree char *field =
        muster_import_guess_field (muster_record_kind_find (guesses[i].kind), guesses[i].heading);

      g_assert_cmpstr (field, ==, guesses[i].field);
    }
}

static void
test_names (void)
{
  static const char *const names[][2] = {
    { "a.png", "a.png" },
    { "../../etc/passwd", "passwd" },
    { "C:\\x\\b.pdf", "b.pdf" },
    { "a\"b<c>.txt", "a_b_c_.txt" },
    { "..", "file" },
    { "", "file" },
    { "a\nb", "a_b" },
    { "\xff.png", "\xef\xbf\xbd.png" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *clean = muster_attachment_clean_name (names[i][0]);

      g_assert_cmpstr (clean, ==, names[i][1]);
    }
}

/* Every kind can be listed and exported by somebody, and names fields that it has. */
static void
test_kinds (void)
{
  for (unsigned i = 0; i < muster_n_record_kinds; i++)
    {
      const MusterRecordKind *kind = &muster_record_kinds[i];

      g_assert_nonnull (muster_rights_find (kind->export));
      g_assert_true (muster_record_kind_find (kind->scope.info->path) == kind);
      for (const char *const *key = kind->keys; key != NULL && *key != NULL; key++)
        field_of (kind->scope.info, *key);
      for (const char *const *name = kind->subtitle; name != NULL && *name != NULL; name++)
        field_of (kind->scope.info, *name);
      if (kind->is_searched)
        g_assert_nonnull (muster_rights_find (kind->list));
      if (kind->create != NULL)
        g_assert_nonnull (muster_rights_find (kind->create));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-text/texts", test_texts);
  g_test_add_func ("/import-text/days", test_days);
  g_test_add_func ("/import-text/guesses", test_guesses);
  g_test_add_func ("/import-text/names", test_names);
  g_test_add_func ("/import-text/kinds", test_kinds);
  return g_test_run ();
}
