/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-guess"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "muster-import-plan.h"

/* What people call fields, as folded by fold_heading(), parted by blanks: English and German. An
 * earlier row goes first where two would do. */
static const struct
{
  const char *field;
  const char *words;
} synonyms[] = {
  { "serial", "serialnumber serialno serialnr sn snr seriennummer seriennr geraetenummer" },
  { "mac", "macaddress macadresse macid hardwareaddress hardwareadresse" },
  { "sku",
    "artikelnummer artikelnr artnr itemnumber itemno partnumber partno bestellnummer bestellnr" },
  { "gtin", "ean ean13 upc barcode strichcode" },
  { "name",
    "title bezeichnung geraet geraetename device devicename produktname productname artikelbezeichnung" },
  { "manufacturer", "maker vendor brand hersteller marke fabrikat" },
  { "model", "modell modelname modelnumber typenbezeichnung" },
  { "type", "typ art" },
  { "kind", "category kategorie art typ type" },
  { "status", "state zustand" },
  { "product_id", "product produkt artikel sku artikelnummer artikelnr" },
  { "location_id",
    "stockplace stocklocation lagerort lagerplatz platz bin fach regal location lager" },
  { "location", "place ort standort raum room" },
  { "batch_id", "batch charge lot chargennummer" },
  { "number", "batchnumber lotnumber lot charge chargennummer chargennr" },
  { "notes",
    "note comment comments remark remarks bemerkung bemerkungen notiz notizen kommentar anmerkung" },
  { "description", "beschreibung text" },
  { "unit_price", "price preis einzelpreis stueckpreis vk vkpreis nettopreis" },
  { "currency", "waehrung" },
  { "reorder_point", "minstock minimumstock mindestbestand meldebestand" },
  { "reorder_quantity", "bestellmenge" },
  { "warranty_months", "warranty garantie gewaehrleistung garantiemonate" },
  { "warranty_until", "garantiebis gewaehrleistungbis warrantyend" },
  { "received_at", "receiptdate wareneingang eingang eingangsdatum lieferdatum" },
  { "expires_at", "expiry expirydate verfallsdatum mhd haltbarbis ablaufdatum" },
  { "supplier", "lieferant" },
  { "code", "shortcode kennung kuerzel" },
  { "parent_id", "parent within uebergeordnet oberort in" },
  { "customer_id", "owner eigentuemer besitzer kunde customer" },
  { "email", "mail emailaddress mailadresse emailadresse" },
  { "phone", "telephone tel mobile telefon telefonnummer handy" },
  { "address", "postaladdress anschrift postanschrift" },
  { "role", "rolle" },
  { "secret", "labelsecret geheimnis pairingsecret" },
  { "node_id", "node edgenode knoten" },
};

/* Small letters and digits, umlauts written out. */
static char *
fold_heading (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autoptr (GString) word = g_string_new (NULL);

  for (const char *at = folded; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character == 0xe4)
        g_string_append (word, "ae");
      else if (character == 0xf6)
        g_string_append (word, "oe");
      else if (character == 0xfc)
        g_string_append (word, "ue");
      else if (g_unichar_isalnum (character))
        g_string_append_unichar (word, character);
    }
  return g_string_free_and_steal (g_steal_pointer (&word));
}

gboolean
muster_import_may_set (const MusterField *field)
{
  g_return_val_if_fail (field != NULL, FALSE);

  return !(field->flags & MUSTER_FIELD_READ_ONLY);
}

static gboolean
folds_to (const char *text, const char *word)
{
  g_autofree char *folded = text != NULL ? fold_heading (text) : NULL;

  return folded != NULL && *folded != '\0' && strcmp (folded, word) == 0;
}

static char *
guess_by_name (const MusterEntityInfo *info, const char *word)
{
  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const MusterField *field = &info->fields[i];

      if ((muster_import_may_set (field) || i == MUSTER_ENTITY_FIELD_ID) &&
          (folds_to (field->name, word) || folds_to (field->label, word) ||
           (field->label != NULL && folds_to (_ (field->label), word))))
        return g_strdup (field->name);
    }
  return NULL;
}

static char *
guess_by_synonym (const MusterEntityInfo *info, const char *word)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (synonyms); i++)
    {
      g_auto (GStrv) words = g_strsplit (synonyms[i].words, " ", -1);
      int index = muster_entity_info_find (info, synonyms[i].field);

      if (index >= 0 && muster_import_may_set (&info->fields[index]) &&
          g_strv_contains ((const char *const *)words, word))
        return g_strdup (synonyms[i].field);
    }
  return NULL;
}

/* "location_id.path", as exports head such columns. */
static char *
guess_by_path (const MusterEntityInfo *info, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", 2);
  int                     index = parts[0] != NULL ? muster_entity_info_find (info, parts[0]) : -1;
  const MusterRecordKind *kind = NULL;

  if (index < 0 || parts[1] == NULL || info->fields[index].references == NULL ||
      !muster_import_may_set (&info->fields[index]))
    return NULL;
  kind = muster_record_kind_find (info->fields[index].references);
  return kind != NULL && kind->keys != NULL && g_strv_contains (kind->keys, parts[1])
           ? g_strdup (name)
           : NULL;
}

char *
muster_import_guess_field (const MusterRecordKind *kind, const char *name)
{
  g_autofree char *word = NULL;
  char            *field = NULL;

  g_return_val_if_fail (kind != NULL && name != NULL, NULL);

  word = fold_heading (name);
  field = guess_by_path (kind->scope.info, name);
  if (field == NULL && *word != '\0')
    field = guess_by_name (kind->scope.info, word);
  if (field == NULL && *word != '\0')
    field = guess_by_synonym (kind->scope.info, word);
  return field;
}
