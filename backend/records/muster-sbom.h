/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Bills of materials of software (SBOM): CycloneDX as JSON (specification 1.2 to 1.x), SPDX 2.x as
 * JSON and as lines of tags and values. Of each only what names components is read. */

/* Larger ones are refused, and such with more components. */
#define MUSTER_SBOM_MAX_BYTES (8 * 1024 * 1024)
#define MUSTER_SBOM_MAX_COMPONENTS 20000
/* Bytes that are kept of each text of a component; what is longer is cut. */
#define MUSTER_SBOM_MAX_TEXT 500

/* One component; all owned, and UTF-8. */
typedef struct
{
  char *name;
  char *version;     /* (nullable) */
  char *licence;     /* (nullable): an identifier or expression of SPDX, or a name */
  char *package_url; /* (nullable): pkg:… */
} MusterSbomComponent;

typedef struct
{
  char      *format;     /* (owned): "CycloneDX 1.5", "SPDX 2.3" */
  GPtrArray *components; /* (owned) (element-type MusterSbomComponent), nested ones after theirs */
} MusterSbom;

/* Whether the LENGTH bytes at TEXT say of themselves that they are one, well-formed or not. */
gboolean muster_sbom_is_one (const char *text, gsize length);
/* NULL with MUSTER_ERROR_INVALID at `/file` says what is wrong. Safe on any thread. */
MusterSbom *muster_sbom_read (const char *text, gsize length, GError **error);
MusterSbom *muster_sbom_ref (MusterSbom *self);
void        muster_sbom_unref (MusterSbom *self);

#define MUSTER_TYPE_SBOM (muster_sbom_get_type ())
GType muster_sbom_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSbom, muster_sbom_unref)

G_END_DECLS
