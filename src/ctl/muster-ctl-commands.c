/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-commands"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-ctl-commands.h"

/* clang-format off */
const MusterCtlCommand muster_ctl_commands[] = {
  { "status", "", N_("Show how the site is"), muster_ctl_status_run },
  { "search", "TEXT", N_("Look for a number, name or word in all records"), muster_ctl_search_run },
  { "import", "FILE", N_("Add and change records from a CSV file"), muster_ctl_import_run },
  { "export", "COLLECTION [FIELD=VALUE…]", N_("Write a list as CSV or JSON lines"), muster_ctl_export_run },
  { "attachments", "list KIND RECORD | add KIND RECORD FILE | get ID | rename ID NAME | delete ID", N_("Show, add, read, rename or delete files of a record"), muster_ctl_attachments_run },
  { "views", "[list [KIND]] | add KIND NAME FIELD=VALUE… | set ID [FIELD=VALUE…] | delete ID", N_("Keep filters, orders and columns of lists"), muster_ctl_views_run },
  { "discover", "[--watch]", N_("List what is on the network"), muster_ctl_discover_run },
  { "adopt", "KEY|SERIAL|DEVICE", N_("Pair with a device and give it an account"), muster_ctl_adopt_run },
  { "release", "DEVICE", N_("Take a device's account away"), muster_ctl_release_run },
  { "ignore", "KEY", N_("Hide something on the network"), muster_ctl_ignore_run },
  { "unignore", "KEY", N_("Show it again"), muster_ctl_ignore_run },
  { "families", "", N_("List the families of devices that are understood over MQTT"), muster_ctl_families_run },
  { "devices", "[FIELD=VALUE…]", N_("List the records of devices"), muster_ctl_devices_run },
  { "device", "show|add|set|status|metrics|delete …", N_("Show, add, change or delete one device"), muster_ctl_device_run },
  { "groups", "", N_("List the groups of devices"), muster_ctl_groups_run },
  { "command", "DEVICE write METRIC VALUE | reboot | identify | rebirth", N_("Tell a device to do something"), muster_ctl_command_run },
  { "products", "[list] [FIELD=VALUE…] | show|delete PRODUCT | add FIELD=VALUE… | set PRODUCT FIELD=VALUE… | receive PRODUCT serials=…|quantity=… [location=…] [batch=…]", N_("List, show, add, change, delete or receive products"), muster_ctl_products_run },
  { "locations", "[list] [FIELD=VALUE…] | show|contents|delete PLACE | add FIELD=VALUE… | set PLACE FIELD=VALUE…", N_("List, show, add, change or delete places"), muster_ctl_locations_run },
  { "batches", "[list] [FIELD=VALUE…] | show|delete BATCH | add FIELD=VALUE… | set BATCH FIELD=VALUE…", N_("List, show, add, change or delete batches"), muster_ctl_batches_run },
  { "stock", "[levels|moves] [FIELD=VALUE…] | move|put_away|return|adjust|scrap DEVICE|PRODUCT [quantity=…] [from=…] [to=…] [note=…] | reorder | check", N_("Show and move what is in stock"), muster_ctl_stock_run },
  { "stocktake", "[list] | add name=… location=… | show|lines|cancel|resume STOCKTAKE | scan STOCKTAKE CODE|- [QUANTITY] | apply STOCKTAKE [retire|keep]", N_("Count a place by scanning"), muster_ctl_stocktake_run },
  { "loans", "[list] [FIELD=VALUE…] | overdue | add device=… borrower=… due_at=… | set LOAN FIELD=VALUE… | return DEVICE|LOAN [PLACE]", N_("Lend devices and take them back"), muster_ctl_loans_run },
  { "orders", "[list] [FIELD=VALUE…] | add customer=… item=PRODUCT[*QUANTITY][@PRICE]… [tax=19%] | show|confirm|availability|deliver|cancel ORDER | allocate ORDER [unit=SERIAL…] | ship ORDER [unit=SERIAL…] [carrier=…] [tracking_number=…] | status ORDER STATUS | set ORDER FIELD=VALUE…", N_("List, show, add, confirm, ship or cancel orders"), muster_ctl_orders_run },
  { "deliveries", "[list] [FIELD=VALUE…] | add ORDER | show|issues DELIVERY | status DELIVERY STATUS [location=PLACE] | confirm DELIVERY [recipient=…] [signature=FILE] | announce DELIVERY SERIALS|FILE | scan DELIVERY CODE [quantity=…] [location=…] | issue DELIVERY kind=… description=… | follow ISSUE follow_up=… | set DELIVERY FIELD=VALUE…", N_("List, show, follow, receive or confirm deliveries"), muster_ctl_deliveries_run },
  { "expected", "", N_("List units that are announced or have arrived, and are not adopted yet"), muster_ctl_expected_run },
  { "replace", "DEVICE SERIAL|DEVICE", N_("Let another unit take a device's place"), muster_ctl_replace_run },
  { "scan", "CODE", N_("Say what a scanned code is"), muster_ctl_scan_run },
  { "watch", "[DEVICE…]", N_("Show values as they come"), muster_ctl_watch_run },
  { "query", "DEVICE", N_("Read stored samples"), muster_ctl_query_run },
  { "series", "[DEVICE…]", N_("Read stored samples of many devices, each by itself or counted together"), muster_ctl_series_run },
  { "samples", "DEVICE…", N_("Write stored samples of devices as CSV"), muster_ctl_samples_run },
  { "retention", "[list] [FIELD=VALUE…] | show|delete CLASS | add name=… pattern=… [position=…] [raw_days=…] [minute_days=…] [hour_days=…] | set CLASS FIELD=VALUE… | preview [CLASS] [FIELD=VALUE…] | stats", N_("Say how long samples are kept, and see before what would be deleted"), muster_ctl_retention_run },
  { "telemetry", "import FILE | exclude DEVICE FROM TO REASON [METRIC] | restore EXCLUSION | exclusions [FIELD=VALUE…] | annotate TEXT [at=…] [until=…] [device=…] [metric=…] | annotations [FIELD=VALUE…] | derived [list] [FIELD=VALUE…] | derived show|delete METRIC | derived add name=… expression=… device=…|product=… [method=integral] [unit=…] | derived set METRIC FIELD=VALUE… | derived preview EXPRESSION DEVICE | derived recalculate METRIC FROM [TO] | metrics DEVICE [METRIC FIELD=VALUE…]", N_("Import samples, leave bad ones out, remark on them, make metrics of others"), muster_ctl_telemetry_run },
  { "events", "[DEVICE]", N_("Show what happened to devices"), muster_ctl_events_run },
  { "alerts", "[list] [FIELD=VALUE…] | all [FIELD=VALUE…] | show|why ALERT | acknowledge|resolve ALERT|all [FIELD=VALUE…] [COMMENT] | assign ALERT|all [FIELD=VALUE…] PERSON|nobody | silence ALERT|all [FIELD=VALUE…] DURATION [REASON] | unsilence ALERT|all [FIELD=VALUE…] | rules [list|show|add|set|delete|why|backtest|defaults …] | silences [list|show|add|set|delete …]", N_("Show what is wrong and take notice; say what raises alerts and what silences them"), muster_ctl_alerts_run },
  { "channels", "[list] [FIELD=VALUE…] | show|test|secret|delete CHANNEL | add name=… kind=… config=JSON [FIELD=VALUE…] | set CHANNEL FIELD=VALUE…", N_("Say over what people are told of alerts, and try it"), muster_ctl_channels_run },
  { "escalations", "[list] [FIELD=VALUE…] | show|delete ESCALATION | add name=… steps=JSON [FIELD=VALUE…] | set ESCALATION FIELD=VALUE…", N_("Say who is told of alerts, and when"), muster_ctl_escalations_run },
  { "duty", "[list] | show|delete CALENDAR | now CALENDAR [TIME] | add name=… shifts=JSON [exceptions=JSON] | set CALENDAR FIELD=VALUE…", N_("Say who is on duty when"), muster_ctl_duty_run },
  { "notifications", "[list] [FIELD=VALUE…] | show|retry NOTIFICATION", N_("Show who was told of what, or send it again"), muster_ctl_notifications_run },
  { "firmware", "[list] [FIELD=VALUE…] | upload FILE [FIELD=VALUE…] | show|withdraw|restore|delete FIRMWARE | set FIRMWARE FIELD=VALUE… | give FIRMWARE DEVICE [FIELD=VALUE…]", N_("Keep firmware and give it to devices"), muster_ctl_firmware_run },
  { "updates", "[list] [FIELD=VALUE…] | show|retry|force|events UPDATE | cancel UPDATE [now]", N_("Show and steer updates of devices"), muster_ctl_updates_run },
  { "print", "pick-list|invoice|delivery-note|count-sheet|labels|formats WHAT…", N_("Write documents and labels as PDF"), muster_ctl_print_run },
  { "bulk", "edit|move|status|delete ENTITY [FIELD=VALUE…] -- FILTER=VALUE…", N_("Change, move or delete many records at once"), muster_ctl_bulk_run },
  { "jobs", "[list | show|pause|resume|cancel|retry|wait|failed JOB]", N_("Show and steer long work"), muster_ctl_jobs_run },
  { "journal", "[operations | verify | as-of KIND TIME | marks FROM TO]", N_("Show who changed what; verify that nobody changed that"), muster_ctl_journal_run },
  { "undo", "SEQUENCE | --last", N_("Take an operation back"), muster_ctl_undo_run },
  { "login", "E-MAIL", N_("Sign in; the password is asked for, or read from the standard input"), muster_ctl_login_run },
  { "logout", "", N_("Sign out"), muster_ctl_logout_run },
  { "whoami", "", N_("Show as whom the daemon takes you"), muster_ctl_whoami_run },
  { "users", "[list|show|add|set|password|pin|badge|delete …]", N_("List, add, change or delete people"), muster_ctl_users_run },
  { "keys", "[list|add|set|delete …]", N_("List, make, change or delete the keys of programs"), muster_ctl_keys_run },
  { "settings", "[get KEY | set KEY VALUE]", N_("Show or change the site's settings"), muster_ctl_settings_run },
  { "backup", "[PATH]", N_("Write a backup on the daemon's machine"), muster_ctl_backup_run },
  { "account", "DEVICE [FAMILY]", N_("Make a broker account for a device of another make"), muster_ctl_account_run },
  { "token", "DEVICE", N_("Make a new token for a device's HTTP ingestion"), muster_ctl_token_run },
  { NULL, NULL, NULL, NULL },
};
/* clang-format on */
