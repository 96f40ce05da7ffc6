(* SPDX-License-Identifier: MIT
   Prints each statement after the analysis, and whether anything reached it. A block is none: a
   case label leads into it past its start. *)
open Cil_types

let is_block statement =
  match statement.skind with
  | Block _ | UnspecifiedSequence _ -> true
  | _ -> false

let print_function f (place, _) =
  let file = Filepath.Normalized.to_pretty_string place.Filepath.pos_path in
  List.iteri
    (fun number statement ->
      let start, _ = Cil_datatype.Stmt.loc statement in
      if not (is_block statement) then
        Format.printf "statement\t%s\t%s\t%d\t%d\t%b@." file f.svar.vorig_name number
          start.Filepath.pos_lnum
          (Db.Value.is_reachable_stmt statement))
    f.sallstmts

let print_all () =
  Globals.Functions.iter (fun kf ->
      match kf.fundec with
      | Definition (f, place) -> print_function f place
      | Declaration _ -> ())

let printed = ref false

let () =
  Db.Main.extend (fun () ->
      if Db.Value.is_computed () && not !printed then (
        printed := true;
        print_all ()))
