# SPDX-License-Identifier: LGPL-2.1-or-later

data InvalidCollectorVersion : MethodFault 2.0

data InvalidProperty : MethodFault 2.0
        name: PropertyPath

data MissingObject : DynamicData 2.0
        obj: ManagedObject
        fault: LocalizedMethodFault

data MissingProperty : DynamicData 2.0
        path: PropertyPath
        fault: LocalizedMethodFault

data ObjectContent : DynamicData 2.0
        obj: ManagedObject
        propSet: DynamicProperty[]?
        missingSet: MissingProperty[]?

data ObjectSpec : DynamicData 2.0
        obj: ManagedObject
        skip: boolean?
        selectSet: SelectionSpec[]?

data ObjectUpdate : DynamicData 2.0
        kind: ObjectUpdateKind
        obj: ManagedObject
        changeSet: PropertyChange[]?
        missingSet: MissingProperty[]?

enum ObjectUpdateKind 2.0
        modify
        enter
        leave

data PropertyChange : DynamicData 2.0
        name: PropertyPath
        op: PropertyChangeOp
        val: anyType?

enum PropertyChangeOp 2.0
        add
        remove
        assign
        indirectRemove

managed PropertyCollector : ManagedObject 2.0
        filter: PropertyFilter[]? needs System.View
        CreateFilter(spec: PropertyFilterSpec, partialUpdates: boolean): PropertyFilter
                needs System.View
                throws InvalidProperty
        RetrieveProperties(specSet: PropertyFilterSpec[]): ObjectContent[]?
                needs System.Anonymous
                throws InvalidProperty
        CheckForUpdates(version: string?): UpdateSet?
                needs System.View
                throws InvalidCollectorVersion
        WaitForUpdates(version: string?): UpdateSet
                needs System.View
                throws InvalidCollectorVersion
        CancelWaitForUpdates(): void
                needs System.View
        WaitForUpdatesEx(version: string?, options: WaitOptions?): UpdateSet? 4.1
                needs System.View
                throws InvalidCollectorVersion
        RetrievePropertiesEx(specSet: PropertyFilterSpec[], options: RetrieveOptions): RetrieveResult? 4.1
                needs System.Anonymous
                throws InvalidProperty
        ContinueRetrievePropertiesEx(token: string): RetrieveResult 4.1
                needs System.Anonymous
                throws InvalidProperty
        CancelRetrievePropertiesEx(token: string): void 4.1
                needs System.Anonymous
                throws InvalidProperty
        CreatePropertyCollector(): PropertyCollector 4.1
                needs System.View
        DestroyPropertyCollector(): void 4.1
                needs System.View

managed PropertyFilter : ManagedObject 2.0
        spec: PropertyFilterSpec
        partialUpdates: boolean
        DestroyPropertyFilter(): void

data PropertyFilterSpec : DynamicData 2.0
        propSet: PropertySpec[]
        objectSet: ObjectSpec[]
        reportMissingObjectsInResults: boolean? 4.1

data PropertyFilterUpdate : DynamicData 2.0
        filter: PropertyFilter
        objectSet: ObjectUpdate[]?
        missingSet: MissingObject[]?

data PropertySpec : DynamicData 2.0
        type: TypeName
        all: boolean?
        pathSet: PropertyPath[]?

data RetrieveOptions : DynamicData 4.1
        maxObjects: int?

data RetrieveResult : DynamicData 4.1
        token: string?
        objects: ObjectContent[]

data SelectionSpec : DynamicData 2.0
        name: string?

data TraversalSpec : SelectionSpec 2.0
        type: TypeName
        path: PropertyPath
        skip: boolean?
        selectSet: SelectionSpec[]?

data UpdateSet : DynamicData 2.0
        version: string
        filterSet: PropertyFilterUpdate[]?
        truncated: boolean? 4.1

data WaitOptions : DynamicData 4.1
        maxWaitSeconds: int?
        maxObjectUpdates: int?
