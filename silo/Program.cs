using Realtime.Sets;
using Realtime.Silo.Audit;
using Realtime.Silo.Cluster;
using Realtime.Silo.Import;

const string Usage = """
    usage: silo                                    join the cluster on the PostgreSQL of ConnectionStrings__Realtime
           silo --migrate-only                     bring that database's schema up to date and end
           silo cluster                            two silos and two web nodes on loopback, for trying it out
           silo import santefr FILE [--dry-run]    import opening hours and positions as Santé.fr publishes them
           silo import finess FILE [--dry-run]     import names, addresses and positions from the register, CSV or JSON
           silo import osm FILE [--dry-run]        import positions and opening hours from OpenStreetMap, GeoJSON
           silo import bdpm FOLDER [--dry-run]     import medicines from the files of the public medicines database
           silo import communes FILE [--dry-run]   import the communes of France, whose distance to who serves is measured
           silo import oncall FILE [--dry-run]     import rotas of on-call duty, CSV
           silo import schoolholidays FILE [--dry-run]  import school holidays from the official calendar, CSV
           silo audit verify                       read the whole store and name the first place where it was altered

    One process that is silo, API and pages together is the web project: dotnet run --project web
    """;

switch (args)
{
    case []:
        return await Member.Run();
    case ["--migrate-only"]:
        return await Member.Migrate();
    case ["cluster"]:
        using (var stop = new CancellationTokenSource())
        {
            Console.CancelKeyPress += (_, pressed) =>
            {
                pressed.Cancel = true;
                stop.Cancel();
            };
            using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            });
            return await Trial.Run(stop.Token);
        }
    case ["import", BdpmImport.Word, .. var words]:
        return await new BdpmImport(() => OpenStore.OpenSet(ISetGrain.Catalogue), Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected).Run(words);
    case ["import", CommunesImport.Word, .. var words]:
        return await new CommunesImport(() => OpenStore.OpenSet(ISetGrain.Communes), Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected).Run(words);
    case ["import", OnCallImport.Word, .. var words]:
        return await new OnCallImport(OpenStore.OpenRotas, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected).Run(words);
    case ["import", SchoolImport.Word, .. var words]:
        return await new SchoolImport(OpenStore.OpenSchools, Console.Out, Console.Error).Run(words);
    case ["import", .. var words]:
        return await new ImportCommand(OpenStore.Open, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected).Run(words);
    case ["audit", .. var words]:
        return await new AuditCommand(AuditStore.Open, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected).Run(words);
    case ["-h" or "--help" or "help"]:
        Console.WriteLine(Usage);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
