/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "client/muster-api-client.h"
#include "muster-ctl-table.h"

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* How musterctl ends; documented in musterctl.1. */
typedef enum
{
  MUSTER_CTL_OK = 0,
  MUSTER_CTL_FAILED = 1,
  MUSTER_CTL_USAGE = 2,
  MUSTER_CTL_NOT_FOUND = 3,
  MUSTER_CTL_CONFLICT = 4,
  MUSTER_CTL_UNREACHABLE = 5,
  MUSTER_CTL_FORBIDDEN = 6,
} MusterCtlExit;

/* What every command works with. */
typedef struct
{
  char            *socket;      /* (owned) (nullable): --socket */
  char            *uri;         /* (owned) (nullable): --connect */
  char            *token_file;  /* (owned) (nullable) */
  char            *fingerprint; /* (owned) (nullable) */
  char            *authority;   /* (owned) (nullable): --ca-file */
  char            *as_of;       /* (owned) (nullable): a time */
  gboolean         json;
  gboolean         no_color;
  MusterApiClient *client; /* (owned): made by muster_ctl_parse() */
} MusterCtl;

typedef struct _MusterCtlCommand MusterCtlCommand;

/* Runs in a fiber. ARGS begins with the command's name; FALSE with an error decides the exit
 * status. */
typedef gboolean (*MusterCtlRun) (MusterCtl              *ctl,
                                  const MusterCtlCommand *command,
                                  char                  **args,
                                  GError                **error);

struct _MusterCtlCommand
{
  const char  *name;
  const char  *usage; /* what follows the name */
  const char  *summary;
  MusterCtlRun run;
};

/* Ends with a NULL name. */
extern const MusterCtlCommand muster_ctl_commands[];

/* NULL when there is none. */
const MusterCtlCommand *muster_ctl_find_command (const char *name);
/* One line a command. (transfer full) */
char *muster_ctl_describe_commands (void);
void  muster_ctl_clear (MusterCtl *self);
void  muster_ctl_add_options (MusterCtl *self, GOptionContext *context);

/* Reads the options ENTRIES and the global ones out of *ARGS (transfer full both ways), which keeps
 * the positional arguments alone; there must be MINIMUM to MAXIMUM (-1: any number). Then makes the
 * client. */
gboolean muster_ctl_parse (MusterCtl              *self,
                           const MusterCtlCommand *command,
                           const GOptionEntry     *entries,
                           char                 ***args,
                           int                     minimum,
                           int                     maximum,
                           GError                **error);
gboolean muster_ctl_connect (MusterCtl *self, GError **error);

MusterCtlExit muster_ctl_get_exit (const GError *error);
/* The message, its rows and what to do about it: (transfer full), ends with a newline. */
char *muster_ctl_explain (MusterCtl *self, const GError *error);

/* --- output --- */
void muster_ctl_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
void muster_ctl_print_json (JsonNode *node);
void muster_ctl_print_object (JsonObject *object);
void muster_ctl_print_entity (MusterEntity *entity);
/* Prints TABLE to the terminal's width, or EMPTY when it has no rows; frees it. */
void     muster_ctl_print_table (MusterCtl *self, MusterCtlTable *table, const char *empty);
gboolean muster_ctl_wants_color (MusterCtl *self);

/* --- lookups, in a fiber --- */

/* By id, serial number or name; the error says which it could have been. (transfer full) */
MusterEntity *muster_ctl_find_device (MusterCtl *self, const char *text, GError **error);

/* Splits `name=value`; a usage error without a `=`. VALUE is within TEXT. */
gboolean muster_ctl_split_pair (const char *text, char **name, const char **value, GError **error);
/* A JSON value as a person types it: true, false, null, a number, anything else is text. (transfer
 * full) */
JsonNode *muster_ctl_parse_value (const char *text);

/* Writes BYTES to the file PATH, or (NULL, "-") to the standard output. */
gboolean muster_ctl_write_file (const char *path, GBytes *bytes, GError **error);

G_END_DECLS
